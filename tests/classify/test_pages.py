"""Every state of a recording on its page, in its fragments and on Today."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from classify.images import RecordingImages
from classify.jobs import job_complete, job_end, jobs_claim
from classify.models import Recording
from patients.models import TimelineEntry
from portal.audit.models import AuditEvent
from tests.classify.conftest import NOW, picture, result_of
from tests.support.recordings import picture_bytes
from worker.errors import OUTCOME_OF_CODE, EcgError

pytestmark = pytest.mark.django_db
Send = Callable[..., Any]
LATER = NOW + timedelta(seconds=1)
IMAGES = RecordingImages(picture_bytes(), picture_bytes(), 300, 100, "0" * 16)


def url(recording: Recording, name: str = "recording") -> str:
    return reverse(f"classify:{name}", args=[recording.pk])


def text(response: Any) -> str:
    return response.content.decode()


@pytest.fixture
def queued(upload: Send) -> Recording:
    return upload().recordings[0]


@pytest.fixture
def done(queued: Recording) -> Recording:
    (job,) = jobs_claim(worker="host:1", at=LATER)
    job_complete(job=job, attempt=1, result=result_of("NNVS", unsure="S"), images=IMAGES, at=LATER)
    queued.refresh_from_db()
    return queued


def ended(recording: Recording, code: str) -> Recording:
    (job,) = jobs_claim(worker="host:1", at=LATER)
    job_end(job=job, attempt=1, error=EcgError(code), at=LATER)
    recording.refresh_from_db()
    return recording


def test_a_queued_recording_says_its_place_and_asks_again(alice_client: Client, queued: Recording) -> None:
    page = text(alice_client.get(url(queued)))
    assert "Queued" in page
    assert "place 1" in page
    assert f'hx-get="{url(queued, "recording_state")}?as=page"' in page


def test_without_a_worker_the_page_says_so(alice_client: Client, queued: Recording) -> None:
    assert "No worker is running" in text(alice_client.get(url(queued)))


def test_a_running_recording_says_so(alice_client: Client, queued: Recording) -> None:
    jobs_claim(worker="host:1", at=LATER)
    assert "The picture is being read" in text(alice_client.get(url(queued)))


def test_a_result_shows_every_beat_with_class_letter_and_confidence(alice_client: Client, done: Recording) -> None:
    page = text(alice_client.get(url(done)))
    for number, words in enumerate(("Normal beat", "Normal beat", "Ventricular ectopic beat"), start=1):
        assert f"Beat {number}: {words}, 90 %" in page
    assert "Beat 4: Supraventricular ectopic beat, 90 %, unsure" in page
    assert page.count('class="beat-box') == 4
    assert page.count('class="beat-hatch"') == 1
    assert "context 1.0.0" in page
    assert "a" * 12 in page
    assert "75 " in page
    assert "0.80 · 0.80 · 0.80" in page
    assert "25 mm/s (assumed)" in page
    assert "Nobody has confirmed or corrected this result yet." in page


@pytest.fixture
def untrusted(queued: Recording) -> Recording:
    """Two of five beats are unsure."""
    (job,) = jobs_claim(worker="host:1", at=LATER)
    job_complete(job=job, attempt=1, result=result_of("NNVSS", unsure="S"), images=IMAGES, at=LATER)
    queued.refresh_from_db()
    return queued


def test_with_too_many_unsure_beats_the_result_is_shown_and_asks_for_a_person(
    alice_client: Client, untrusted: Recording
) -> None:
    page = text(alice_client.get(url(untrusted)))
    assert "Needs a person" in page
    assert "The model is unsure about too much of this ECG." in page
    assert "2 of 5 beats are unsure." in page
    assert page.count('class="beat-hatch"') == 2
    assert "No classes are shown" not in page


@pytest.mark.parametrize("shown_as", ["badge", "row", "timeline"])
def test_lists_say_in_words_that_too_much_is_unsure(alice_client: Client, untrusted: Recording, shown_as: str) -> None:
    entry = TimelineEntry.objects.get(ref=untrusted.pk)
    fragment = text(alice_client.get(url(untrusted, "recording_state"), {"as": shown_as, "entry": entry.pk}))
    for words in ("Needs a person", "2 beats unsure", "The model is unsure about too much of this ECG."):
        assert words in fragment


def test_today_lists_what_is_too_unsure_under_needs_attention(alice_client: Client, untrusted: Recording) -> None:
    page = text(alice_client.get(reverse("today")))
    assert "The model is unsure about too much of this ECG." in page.split('id="attention-title"')[1]


def test_the_desk_and_the_reading_list_say_that_a_person_is_needed(rita_client: Client, untrusted: Recording) -> None:
    listed = text(rita_client.get(reverse("admin:classify_prediction_changelist")))
    assert "Needs a person" in listed
    desk = reverse("admin:classify_prediction_change", args=[untrusted.prediction.pk])
    assert "2 of 5 beats are unsure." in text(rita_client.get(desk))
    rita_client.post(desk, {"verdict": "confirmed"})
    assert "Needs a person" not in text(rita_client.get(reverse("admin:classify_prediction_changelist")))
    assert "2 of 5 beats are unsure." not in text(rita_client.get(desk))


@pytest.mark.parametrize("shown_as", ["badge", "row", "page"])
def test_the_fragment_stops_asking_at_the_end(alice_client: Client, done: Recording, shown_as: str) -> None:
    fragment = text(alice_client.get(url(done, "recording_state"), {"as": shown_as}))
    assert "Done" in fragment
    assert "hx-get" not in fragment


@pytest.mark.parametrize("code", sorted(OUTCOME_OF_CODE))
def test_every_end_has_a_sentence_and_a_next_step(alice_client: Client, queued: Recording, code: str) -> None:
    from classify.reasons import reason_sentence

    page = text(alice_client.get(url(ended(queued, code))))
    why = reason_sentence(code)
    assert escape(why.sentence) in page
    assert escape(why.next_step) in page
    assert "Try again" in page
    assert "hx-get" not in page.split('id="result"')[1]


def test_a_retry_puts_it_back_into_the_queue(alice_client: Client, queued: Recording) -> None:
    ended(queued, "internal")
    response = alice_client.post(url(queued, "retry"), follow=True)
    assert "Queued" in text(response)


def test_what_was_entered_in_error_shows_no_result(alice_client: Client, done: Recording) -> None:
    assert text(alice_client.get(url(done, "withdraw"))).count("can&#x27;t be undone") <= 1
    response = alice_client.post(url(done, "withdraw"), {"reason": "Electrodes swapped"}, follow=True)
    assert "Electrodes swapped" in text(response)
    page = text(alice_client.get(url(done)))
    assert "the result is withdrawn" in page
    assert "beat-box" not in page
    assert "Ventricular" not in page


def test_entered_in_error_asks_for_a_reason(alice_client: Client, done: Recording) -> None:
    response = alice_client.post(url(done, "withdraw"), {"reason": " "})
    assert response.status_code == 422
    done.refresh_from_db()
    assert not done.is_withdrawn


def test_a_recording_moves_and_both_timelines_say_so(
    alice_client: Client, done: Recording, patient: Any, other_patient: Any
) -> None:
    found = text(alice_client.post(url(done, "move"), {"find": "1", "query": other_patient.mrn, "reason": "Mixed up"}))
    assert str(other_patient.pk) in found
    assert "Mixed up" in found
    alice_client.post(url(done, "move"), {"to_patient": str(other_patient.pk), "reason": "Mixed up"})
    done.refresh_from_db()
    assert done.patient == other_patient
    before = text(alice_client.get(reverse("patients:detail", args=[patient.pk])))
    after = text(alice_client.get(reverse("patients:detail", args=[other_patient.pk])))
    assert "was moved to another patient" in before
    assert "Mixed up" in before
    assert url(done) not in before
    assert "Moved here from another patient" in after
    assert url(done) in after


def test_a_recording_never_moves_to_a_patient_of_another_hospital(
    alice_client: Client, done: Recording, patient: Any, countys_patient: Any
) -> None:
    response = alice_client.post(url(done, "move"), {"to_patient": str(countys_patient.pk), "reason": "Mixed up"})
    assert response.status_code == 404
    done.refresh_from_db()
    assert done.patient == patient


def test_the_patients_page_shows_thumbnail_state_classes_and_rate(
    alice_client: Client, done: Recording, patient: Any
) -> None:
    page = text(alice_client.get(reverse("patients:detail", args=[patient.pk])))
    assert url(done, "thumbnail") in page
    assert "Time of the ECG unknown" in page
    assert "75 /min" in page
    assert "uploaded" in page


def test_a_page_is_audited_once_and_its_polls_never(alice_client: Client, done: Recording, patient: Any) -> None:
    before = AuditEvent.objects.count()
    for name in ("recording_state", "picture", "thumbnail"):
        assert alice_client.get(url(done, name)).status_code == 200
    assert AuditEvent.objects.count() == before
    alice_client.get(url(done))
    assert AuditEvent.objects.count() == before + 1
    assert AuditEvent.objects.latest("at").patient_ids == [str(patient.pk)]


# --- Pictures ---------------------------------------------------------------------------------------------------------
def test_pictures_are_private_and_typed(alice_client: Client, done: Recording) -> None:
    response = alice_client.get(url(done, "picture"))
    assert response["Content-Type"] == "image/png"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-cache"
    again = alice_client.get(url(done, "picture"), headers={"If-None-Match": response["ETag"]})
    assert again.status_code == 304
    assert again["Cache-Control"] == "private, no-cache"


def test_the_original_is_downloaded_under_a_neutral_name(alice_client: Client, upload: Send) -> None:
    data = picture()
    recording = upload(data).recordings[0]
    response = alice_client.get(url(recording, "original"))
    assert b"".join(response.streaming_content) == data
    assert response["Content-Disposition"] == f'attachment; filename="ecg-{str(recording.pk)[:8]}.png"'
    assert AuditEvent.objects.filter(action="recording.download").count() == 1


def test_no_display_picture_yet_is_a_404(alice_client: Client, queued: Recording) -> None:
    assert alice_client.get(url(queued, "picture")).status_code == 404


# --- Today ------------------------------------------------------------------------------------------------------------
def test_today_begins_with_the_first_step(alice_client: Client) -> None:
    assert "Register the first patient" in text(alice_client.get(reverse("today")))


def test_today_shows_what_came_back_what_waits_and_what_needs_attention(
    alice_client: Client, done: Recording, upload: Send
) -> None:
    failed, waiting = upload().recordings[0], upload(at=LATER + timedelta(seconds=1)).recordings[0]
    ended_job = jobs_claim(worker="host:1", at=LATER)[0]
    job_end(job=ended_job, attempt=1, error=EcgError("internal"), at=LATER)
    page = text(alice_client.get(reverse("today")))
    for recording in (done, failed, waiting):
        assert url(recording) in page
    assert "Something went wrong on our side" in page


def test_today_tells_a_reviewer_how_many_to_read(rita_client: Client, done: Recording) -> None:
    assert "1 result to read" in text(rita_client.get(reverse("today")))


def test_today_shows_an_administrator_nothing_clinical(admin_ann_client: Client, done: Recording, patient: Any) -> None:
    page = text(admin_ann_client.get(reverse("today")))
    for place in ("People", "API tokens", "Models", "Labels", "Audit"):
        assert place in page
    assert patient.family_name not in page
    assert url(done) not in page


def test_today_costs_the_same_with_many_recordings(
    alice_client: Client, make_patient: Any, st_mary: Any, alice: Any, upload: Send, django_assert_max_num_queries: Any
) -> None:
    for _ in range(12):
        upload(patient=make_patient(st_mary, alice))
    with django_assert_max_num_queries(22):
        alice_client.get(reverse("today"))
