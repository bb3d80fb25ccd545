"""What an integrator reads back: recordings, predictions with beats, readings, pictures."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from classify.jobs import job_complete, job_end, jobs_claim
from classify.models import Prediction, Recording
from classify.review.models import Reading, Verdict
from classify.review.services import reading_sign
from classify.services import recording_move, recording_retry, recording_withdraw
from portal.audit.models import AuditEvent
from tests.classify.api.conftest import API, assert_problem
from tests.classify.conftest import NOW, result_of
from tests.support.people import bearer_client
from worker.errors import EcgError

pytestmark = pytest.mark.django_db
Make = Callable[..., Any]


def read(client: Client, recording: Any, **headers: str) -> Any:
    return client.get(f"{API}recordings/{recording.pk}/", headers=headers)


@pytest.fixture
def done(upload: Make) -> Recording:
    recording = upload().recordings[0]
    (job,) = jobs_claim(worker="w", at=NOW)
    assert job_complete(job=job, attempt=job.attempt, result=result_of("NNNV", unsure="V"), at=NOW)
    return Recording.objects.get(pk=recording.pk)


def test_a_result_has_every_fixed_key(api_client: Client, done: Recording) -> None:
    body = read(api_client, done).json()
    assert (body["state"], body["reason"], body["kind"], body["position"]) == ("done", None, "strip", None)
    prediction = body["prediction"]
    assert prediction["id"] == str(Prediction.objects.get().pk)
    assert prediction["model"] == {"name": "context", "version": "1.0.0"}
    assert prediction["summary"] == {
        "counts": {"N": 3, "S": 0, "V": 1, "F": 0, "Q": 0},
        "rate_bpm": 75.0,
        "unsure": 1,
    }
    assert [beat["aami_class"] for beat in prediction["beats"]] == ["N", "N", "N", "V"]
    assert prediction["beats"][3] == {
        "index": 3,
        "aami_class": "V",
        "probabilities": {"N": 0.025, "S": 0.025, "V": 0.9, "F": 0.025, "Q": 0.025},
        "confidence": 0.9,
        "unsure": True,
        "lead": "II",
        "box": [180, 10, 50, 80],
        "r_peak_s": pytest.approx(2.8),
    }
    assert body["withdrawn"] is None
    assert body["readings"] == []


def test_running_is_a_state_of_its_own(api_client: Client, upload: Make) -> None:
    recording = upload().recordings[0]
    jobs_claim(worker="w", at=NOW)
    assert read(api_client, recording).json()["state"] == "running"


@pytest.mark.parametrize(
    ("code", "state"), [("not_an_ecg", "refused"), ("several_leads", "needs_person"), ("timeout", "failed")]
)
def test_an_end_without_a_result_says_why(api_client: Client, upload: Make, code: str, state: str) -> None:
    recording = upload().recordings[0]
    (job,) = jobs_claim(worker="w", at=NOW)
    job_end(job=job, attempt=job.attempt, error=EcgError(code, kind="sheet"), at=NOW)
    body = read(api_client, recording).json()
    assert (body["state"], body["reason"]["code"], body["kind"], body["prediction"]) == (state, code, "sheet", None)
    assert body["reason"]["sentence"].endswith(".")
    assert body["reason"]["next_step"]


def test_a_result_with_too_many_unsure_beats_is_there_but_needs_a_person(
    api_client: Client, upload: Make, rita_actor: Any
) -> None:
    recording = upload().recordings[0]
    (job,) = jobs_claim(worker="w", at=NOW)
    job_complete(job=job, attempt=job.attempt, result=result_of("NNV", unsure="V"), at=NOW)
    body = read(api_client, recording).json()
    assert (body["state"], body["reason"]["code"], body["kind"]) == ("needs_person", "too_many_unsure", "strip")
    assert body["prediction"]["summary"]["unsure"] == 1
    assert [beat["unsure"] for beat in body["prediction"]["beats"]] == [False, False, True]
    prediction = f"{API}predictions/{body['prediction']['id']}/"
    assert api_client.get(prediction).json()["needs_person"] is True
    assert_problem(api_client.post(f"{API}recordings/{recording.pk}/retry"), 409, "not_retryable")
    reading_sign(prediction=Prediction.objects.get(), actor=rita_actor, verdict="confirmed")
    body = read(api_client, recording).json()
    assert (body["state"], body["reason"], body["readings"][0]["verdict"]) == ("done", None, "confirmed")
    assert api_client.get(prediction).json()["needs_person"] is False


def test_a_retry_queues_a_fresh_job(api_client: Client, upload: Make) -> None:
    recording = upload().recordings[0]
    (job,) = jobs_claim(worker="w", at=NOW)
    job_end(job=job, attempt=job.attempt, error=EcgError("timeout"), at=NOW)
    answer = api_client.post(f"{API}recordings/{recording.pk}/retry")
    assert answer.status_code == 202
    assert answer.json() == {"id": str(recording.pk), "status_url": answer["Location"]}
    assert api_client.get(answer["Location"]).json()["state"] == "queued"
    assert_problem(api_client.post(f"{API}recordings/{recording.pk}/retry"), 409, "not_retryable")


def test_a_withdrawn_result_is_gone_everywhere(api_client: Client, done: Recording, make_reading: Make) -> None:
    prediction, reading = Prediction.objects.get(), make_reading(Prediction.objects.get())
    answer = api_client.post(
        f"{API}recordings/{done.pk}/withdraw", {"reason": "Wrong patient"}, content_type="application/json"
    )
    assert answer.status_code == 200
    body = read(api_client, done).json()
    assert (body["prediction"], body["readings"], body["picture_url"]) == (None, [], None)
    assert body["withdrawn"]["reason"] == "Wrong patient"
    assert body["withdrawn"]["at"]
    for path in (f"predictions/{prediction.pk}/", f"readings/{reading.pk}/"):
        assert_problem(api_client.get(API + path), 404, "not_found")
    assert_problem(api_client.get(f"{API}recordings/{done.pk}/picture"), 404, "no_picture")
    for path in ("recordings/", "predictions/", "readings/", "recordings/?aami_class=V&withdrawn=true"):
        assert api_client.get(API + path).json()["results"] == []
    listed = api_client.get(f"{API}recordings/?withdrawn=true").json()["results"]
    assert [(item["id"], item["summary"]) for item in listed] == [(str(done.pk), None)]


def test_a_withdrawal_needs_a_reason_and_happens_once(api_client: Client, done: Recording) -> None:
    path = f"{API}recordings/{done.pk}/withdraw"
    assert_problem(api_client.post(path, {"reason": " "}, content_type="application/json"), 400, "invalid")
    api_client.post(path, {"reason": "Wrong patient"}, content_type="application/json")
    again = api_client.post(path, {"reason": "Wrong patient"}, content_type="application/json")
    assert_problem(again, 409, "not_possible")
    assert_problem(api_client.post(f"{API}recordings/{done.pk}/retry"), 409, "not_possible")


# --- ETag -------------------------------------------------------------------------------------------------------------
def test_an_unchanged_result_is_not_sent_again(api_client: Client, done: Recording) -> None:
    prediction = Prediction.objects.get()
    for path in (f"recordings/{done.pk}/", f"predictions/{prediction.pk}/"):
        first = api_client.get(API + path)
        assert first["ETag"].startswith('"')
        for asked in (first["ETag"], f'"other", {first["ETag"]}', f"W/{first['ETag']}", "*"):
            again = api_client.get(API + path, headers={"If-None-Match": asked})
            assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
        assert api_client.get(API + path, headers={"If-None-Match": '"other"'}).status_code == 200


def test_the_etag_changes_with_whatever_an_integrator_can_see(
    api_client: Client, alice_actor: Any, upload: Make, other_patient: Any, make_reading: Make
) -> None:
    recording = upload().recordings[0]
    tags = [read(api_client, recording)["ETag"]]

    def step() -> None:
        tags.append(read(api_client, recording)["ETag"])

    (job,) = jobs_claim(worker="w", at=NOW)
    step()
    job_complete(job=job, attempt=job.attempt, result=result_of("NNV"), at=NOW)
    step()
    make_reading(Prediction.objects.get())
    step()
    recording.refresh_from_db()
    recording_move(recording=recording, actor=alice_actor, to_patient=other_patient, reason="Mixed up", at=NOW)
    step()
    recording.refresh_from_db()
    recording_withdraw(recording=recording, actor=alice_actor, reason="Not hers either", at=NOW)
    step()
    assert len(set(tags)) == len(tags) == 6


def test_a_retry_changes_the_etag(api_client: Client, alice_actor: Any, make_recording: Make, patient: Any) -> None:
    recording = make_recording(patient, "failed", reason="timeout")
    before = read(api_client, recording)["ETag"]
    recording_retry(recording=recording, actor=alice_actor, at=NOW)
    assert read(api_client, recording)["ETag"] != before


# --- Predictions and readings -----------------------------------------------------------------------------------------
def test_a_prediction_has_its_beats_and_its_recording(api_client: Client, done: Recording, patient: Any) -> None:
    prediction = Prediction.objects.get()
    body = api_client.get(f"{API}predictions/{prediction.pk}/").json()
    assert body["recording"] == str(done.pk)
    assert body["patient"] == str(patient.pk)
    assert body["current"] is True
    assert len(body["beats"]) == 4
    (item,) = api_client.get(f"{API}predictions/").json()["results"]
    assert item == {name: value for name, value in body.items() if name not in ("rhythm", "beats")}


def test_a_prediction_has_its_rhythm_with_reasons_for_what_is_unknown(api_client: Client, done: Recording) -> None:
    rhythm = read(api_client, done).json()["prediction"]["rhythm"]
    assert (rhythm["rate_bpm"], rhythm["lowest_rate_bpm"], rhythm["pauses_over_2_s"]) == (75.0, None, 0)
    assert (rhythm["ventricular"]["beats"], rhythm["ventricular"]["unsure"]) == (1, 1)
    assert rhythm["reasons"]["lowest_rate_bpm"] == rhythm["reasons"]["sdnn_ms"] == "not_enough_beats"
    assert api_client.get(f"{API}predictions/{Prediction.objects.get().pk}/").json()["rhythm"] == rhythm


def test_no_time_scale_is_a_reason_of_its_own(api_client: Client, make_prediction: Make, patient: Any) -> None:
    rhythm = read(api_client, make_prediction(patient, "NVVNNN").recording).json()["prediction"]["rhythm"]
    assert (rhythm["rate_bpm"], rhythm["reasons"]["rate_bpm"]) == (None, "no_time_scale")
    assert rhythm["ventricular"]["couplets"] == 1


def test_a_reading_has_the_rhythm_of_its_own_classes(api_client: Client, done: Recording, make_reading: Make) -> None:
    corrected = make_reading(Prediction.objects.get(), {2: "V"})
    rhythm = api_client.get(f"{API}readings/{corrected.pk}/").json()["rhythm"]
    assert (rhythm["ventricular"]["couplets"], rhythm["unsure"]) == (1, 0)
    assert read(api_client, done).json()["prediction"]["rhythm"]["ventricular"]["couplets"] == 0
    unreadable = Reading.objects.create(
        prediction=corrected.prediction, reader=corrected.reader, verdict=Verdict.UNREADABLE
    )
    assert api_client.get(f"{API}readings/{unreadable.pk}/").json()["rhythm"] is None


def test_a_list_of_readings_costs_the_same_however_long(
    api_client: Client, make_prediction: Make, make_reading: Make, patient: Any
) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            api_client.get(f"{API}readings/")
        return len(queries)

    make_reading(make_prediction(patient))
    cost()  # the first call of a token writes that it was used
    few = cost()
    for _ in range(3):
        make_reading(make_prediction(patient))
    assert cost() == few


def test_a_reading_says_who_what_and_which_beats(api_client: Client, done: Recording, make_reading: Make) -> None:
    reading = make_reading(Prediction.objects.get(), {0: "S"})
    body = api_client.get(f"{API}readings/{reading.pk}/").json()
    assert (body["verdict"], body["reader"], body["comment"]) == ("corrected", "Rita", "Seen.")
    assert body["corrections"] == [{"beat": 0, "model_class": "N", "aami_class": "S"}]
    assert body["recording"] == str(done.pk)
    assert api_client.get(f"{API}readings/").json()["results"] == [body]
    (short,) = read(api_client, done).json()["readings"]
    assert short == {name: body[name] for name in ("id", "verdict", "reader", "signed_at")}


def test_readings_are_hidden_from_a_token_without_their_scope(
    token_for: Make, st_mary: Any, done: Recording, make_reading: Make
) -> None:
    make_reading(Prediction.objects.get())
    client = bearer_client(token_for(st_mary, "recordings:read"))
    assert read(client, done).json()["readings"] is None


# --- Pictures ---------------------------------------------------------------------------------------------------------
def test_the_picture_comes_as_what_it_is_and_is_kept_by_nobody(
    api_client: Client, make_prediction: Make, patient: Any
) -> None:
    recording = make_prediction(patient).recording
    url = read(api_client, recording).json()["picture_url"]
    answer = api_client.get(url, headers={"Accept": "image/*"})
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/png"
    assert answer["Cache-Control"] == "no-store"
    assert b"".join(answer.streaming_content) == recording.display.read()
    assert AuditEvent.objects.filter(action="recording.picture", patient_ids=[str(patient.pk)]).exists()


def test_there_is_no_picture_before_the_worker_made_one(api_client: Client, upload: Make) -> None:
    recording = upload().recordings[0]
    assert read(api_client, recording).json()["picture_url"] is None
    assert_problem(api_client.get(f"{API}recordings/{recording.pk}/picture"), 404, "no_picture")


def test_an_unchanged_answer_is_a_read_as_well(api_client: Client, done: Recording, patient: Any) -> None:
    tag = read(api_client, done)["ETag"]
    assert read(api_client, done, **{"If-None-Match": tag}).status_code == 304
    assert AuditEvent.objects.filter(action="recording.read", patient_ids=[str(patient.pk)]).count() == 2


def test_what_was_superseded_is_no_longer_current(
    api_client: Client, make_prediction: Make, make_recording: Make, patient: Any
) -> None:
    old = make_prediction(patient, "NNV")
    recording = old.recording
    recording.current_job = type(recording.current_job).objects.create(
        recording=recording, queued_at=NOW, not_before=NOW + timedelta(days=1)
    )
    recording.save(update_fields=["current_job"])
    assert api_client.get(f"{API}predictions/{old.pk}/").json()["current"] is False
    assert api_client.get(f"{API}predictions/?current=true").json()["results"] == []
    assert len(api_client.get(f"{API}predictions/?current=false").json()["results"]) == 1
    assert read(api_client, recording).json()["prediction"] is None


def test_a_result_takes_few_queries_however_many_beats(
    api_client: Client, make_prediction: Make, patient: Any, django_assert_max_num_queries: Any
) -> None:
    short, long = make_prediction(patient, "N"), make_prediction(patient, "NSVFQ" * 8)
    read(api_client, short.recording)
    with django_assert_max_num_queries(6) as few:
        read(api_client, short.recording)
    with django_assert_max_num_queries(len(few)):
        read(api_client, long.recording)
