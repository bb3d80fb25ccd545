import pytest

from classify.models import Job, Prediction
from classify.review.models import BeatCorrection, Reading
from classify.review.selectors import newest_readings, next_unread, unread_count, worklist
from classify.review.services import ReadingError, reading_sign
from classify.selectors import recordings_attention
from portal.audit.append_only import AppendOnlyError
from portal.audit.models import AuditEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def prediction(make_patient, make_prediction, st_mary, alice) -> Prediction:
    return make_prediction(make_patient(st_mary, alice), "NNV", confidences=[0.9, 0.8, 0.4])


def test_a_reviewer_confirms_and_the_models_answer_stays(prediction, rita_actor):
    reading = reading_sign(prediction=prediction, actor=rita_actor, verdict="confirmed", comment=" fine ")
    assert (reading.reader, reading.verdict, reading.comment) == (rita_actor.user, "confirmed", "fine")
    assert [beat.aami_class for beat in prediction.beats.all()] == ["N", "N", "V"]
    assert not BeatCorrection.objects.exists()


def test_a_correction_keeps_only_the_beats_that_differ(prediction, rita_actor):
    reading = reading_sign(prediction=prediction, actor=rita_actor, verdict="corrected", corrections={0: "N", 2: "F"})
    assert [(c.beat.index, c.aami_class) for c in reading.corrections.all()] == [(2, "F")]
    assert prediction.beats.get(index=2).aami_class == "V"


@pytest.mark.parametrize(
    ("verdict", "corrections"),
    [
        ("corrected", {}),
        ("corrected", {0: "N"}),
        ("confirmed", {0: "V"}),
        ("unreadable", {0: "V"}),
        ("corrected", {9: "V"}),
        ("corrected", {0: "X"}),
        ("maybe", {}),
    ],
)
def test_a_reading_that_contradicts_itself_is_not_written(prediction, rita_actor, verdict, corrections):
    with pytest.raises(ReadingError):
        reading_sign(prediction=prediction, actor=rita_actor, verdict=verdict, corrections=corrections)
    assert not Reading.objects.exists()


def test_a_plain_doctor_and_an_administrator_cannot_sign(prediction, alice_actor, admin_ann_actor):
    for actor in (alice_actor, admin_ann_actor):
        with pytest.raises(PermissionError):
            reading_sign(prediction=prediction, actor=actor, verdict="confirmed")


def test_a_reviewer_of_another_hospital_cannot_sign(prediction, join, county):
    from tests.support.people import actor_of

    with pytest.raises(PermissionError):
        reading_sign(prediction=prediction, actor=actor_of(join(county, "rob", "reviewer")), verdict="confirmed")


def test_readings_and_predictions_cannot_be_changed_or_deleted(prediction, rita_actor):
    reading = reading_sign(prediction=prediction, actor=rita_actor, verdict="confirmed")
    reading.comment = "other"
    for attempt in (
        reading.save,
        reading.delete,
        Reading.objects.all().delete,
        lambda: Reading.objects.update(comment="x"),
        prediction.save,
        prediction.delete,
        prediction.beats.all().delete,
        lambda: Prediction.objects.update(beat_count=0),
    ):
        with pytest.raises(AppendOnlyError):
            attempt()
    assert Reading.objects.get().comment == ""


def test_signing_leaves_an_audit_event_with_ids_only(prediction, rita_actor):
    reading = reading_sign(prediction=prediction, actor=rita_actor, verdict="confirmed", comment="sinus rhythm")
    event = AuditEvent.objects.get(action="reading.sign")
    assert event.target_id == str(reading.pk)
    assert event.patient_ids == [str(prediction.recording.patient_id)]
    assert "sinus" not in str(event.details)


def test_the_worklist_starts_with_the_least_certain_unread(
    make_patient, make_prediction, st_mary, alice, rita_actor, prediction
):
    patient = make_patient(st_mary, alice)
    sure = make_prediction(patient, "NN", confidences=[0.99, 0.98])
    unsure = make_prediction(patient, "NV", confidences=[0.9, 0.2])
    assert list(worklist(rita_actor)) == [unsure, prediction, sure]
    reading_sign(prediction=unsure, actor=rita_actor, verdict="confirmed")
    assert list(worklist(rita_actor)) == [prediction, sure, unsure]
    assert unread_count(rita_actor) == 2
    assert next_unread(rita_actor, after=prediction) == sure


@pytest.fixture
def untrusted(make_patient, make_prediction, st_mary, alice) -> Prediction:
    """A result of which too many beats are unsure."""
    prediction = make_prediction(make_patient(st_mary, alice), "NNV", confidences=[0.9, 0.45, 0.48])
    Job.objects.filter(pk=prediction.job_id).update(state="needs_person", reason="too_many_unsure")
    return prediction


def test_what_needs_a_person_comes_before_what_is_less_certain(prediction, untrusted, rita_actor):
    assert prediction.least_confidence < untrusted.least_confidence
    assert list(worklist(rita_actor)) == [untrusted, prediction]


@pytest.mark.parametrize("verdict", ["confirmed", "unreadable"])
def test_once_it_is_read_nothing_waits_for_a_person_any_more(untrusted, alice_actor, rita_actor, verdict):
    assert list(recordings_attention(alice_actor)) == [untrusted.recording]
    reading_sign(prediction=untrusted, actor=rita_actor, verdict=verdict)
    job = Job.objects.get(pk=untrusted.job_id)
    assert (job.state, job.reason) == ("done", "")
    assert not recordings_attention(alice_actor).exists()
    assert untrusted.unsure_count == 2


def test_the_worklist_shows_nothing_of_another_hospital_nor_to_administrators(
    prediction, charlie_actor, admin_ann_actor
):
    assert not worklist(charlie_actor).exists()
    assert not worklist(admin_ann_actor).exists()
    assert not worklist(None).exists()


def test_a_withdrawn_recording_leaves_the_worklist(prediction, rita_actor):
    from django.utils import timezone

    type(prediction.recording).objects.update(withdrawn_at=timezone.now())
    assert not worklist(rita_actor).exists()
    with pytest.raises(PermissionError):
        reading_sign(prediction=prediction, actor=rita_actor, verdict="confirmed")


def test_the_newest_reading_counts(prediction, rita_actor):
    reading_sign(prediction=prediction, actor=rita_actor, verdict="confirmed")
    second = reading_sign(prediction=prediction, actor=rita_actor, verdict="corrected", corrections={0: "S"})
    assert newest_readings([prediction.pk]) == {prediction.pk: second}


def test_a_comment_holds_what_a_database_can_keep(prediction, rita_actor):
    reading = reading_sign(prediction=prediction, actor=rita_actor, verdict="confirmed", comment="a\x00b\r\nc")
    assert reading.comment == "ab\nc"


def test_a_comment_that_is_too_long_is_not_signed(prediction, rita_actor):
    with pytest.raises(ReadingError, match="2000"):
        reading_sign(prediction=prediction, actor=rita_actor, verdict="confirmed", comment="a" * 2001)
    assert not Reading.objects.exists()
