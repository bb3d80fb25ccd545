"""What is said of a picture makes a job of its own; results are never overwritten."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from classify.corrections.selectors import correction_beside, predictions_earlier
from classify.errors import RecordingError
from classify.models import Job, Prediction, Recording
from classify.review.models import Reading
from classify.review.selectors import worklist
from classify.services import recording_retry, recording_withdraw
from classify.told import told_for, told_of
from portal.audit.models import AuditEvent
from tests.classify.corrections.conftest import LATER, Correct, claimed, finish, refuse
from worker.image.told import Told

pytestmark = pytest.mark.django_db
CORNERS = [[10, 5], [290, 5], [290, 95], [10, 95]]


def fresh(recording: Recording) -> Recording:
    return Recording.objects.select_related("current_job__prediction").get(pk=recording.pk)


def test_a_correction_is_handed_to_the_worker_over_what_came_with_the_picture(correct: Correct) -> None:
    job = correct(corners=CORNERS, gain_mm_mv=5)
    assert told_of(job) == Told(
        speed_mm_s=50.0, gain_mm_mv=5.0, corners=((10.0, 5.0), (290.0, 5.0), (290.0, 95.0), (10.0, 95.0))
    )


def test_what_was_told_before_still_holds_until_it_is_taken_back(correct: Correct) -> None:
    correct(leads={"0.0": "V1"}, r_peaks_removed=[[30, 20]])
    finish(claimed())
    job = correct(speed_mm_s=None, leads=None, at=LATER + timedelta(minutes=1))
    assert told_of(job) == Told(r_peaks_removed=((30.0, 20.0),))


def test_the_earlier_result_stays_current_until_the_new_one_has_come(recording: Recording, correct: Correct) -> None:
    earlier = Prediction.objects.get()
    job = correct(speed_mm_s=25)
    assert fresh(recording).prediction == earlier
    assert correction_beside(fresh(recording)) == job
    finish(claimed(), "NNN")
    assert fresh(recording).prediction == Prediction.objects.get(job=job)
    assert correction_beside(fresh(recording)) is None


def test_both_results_stay_and_the_readings_with_theirs(
    recording: Recording, correct: Correct, rita: Any, alice_actor: Any
) -> None:
    earlier = Prediction.objects.get()
    reading = Reading.objects.create(prediction=earlier, reader=rita, verdict="confirmed")
    correct(speed_mm_s=25)
    finish(claimed(), "NNN")
    assert [p.counts["V"] for p in Prediction.objects.order_by("created_at")] == [1, 0]
    assert list(predictions_earlier(alice_actor, fresh(recording))) == [earlier]
    assert Reading.objects.get().prediction == earlier == reading.prediction


def test_a_corrected_result_is_read_anew(recording: Recording, correct: Correct, rita: Any, rita_actor: Any) -> None:
    Reading.objects.create(prediction=Prediction.objects.get(), reader=rita, verdict="confirmed")
    correct(speed_mm_s=25)
    finish(claimed())
    assert [row.is_read for row in worklist(rita_actor)] == [False]


def test_a_correction_that_is_refused_leaves_the_earlier_result(recording: Recording, correct: Correct) -> None:
    earlier = Prediction.objects.get()
    job = correct(speed_mm_s=25)
    refuse(claimed())
    assert fresh(recording).prediction == earlier
    assert fresh(recording).state == "done"
    beside = correction_beside(fresh(recording))
    assert beside is not None
    assert (beside.pk, beside.state, beside.reason) == (job.pk, "needs_person", "trace_unclear")


def test_without_a_result_the_correction_is_the_recordings_job(upload: Any, alice_actor: Any) -> None:
    from classify.corrections.services import recording_correct

    recording = upload().recordings[0]
    refuse(claimed())
    job = recording_correct(recording=recording, actor=alice_actor, said={"corners": CORNERS}, at=LATER)
    assert fresh(recording).current_job == job
    refuse(claimed())
    again = recording_retry(recording=recording, actor=alice_actor, at=LATER + timedelta(minutes=1))
    assert told_of(again) == told_of(job)


def test_said_twice_it_is_one_job(recording: Recording, correct: Correct) -> None:
    assert correct(speed_mm_s=25) == correct(speed_mm_s=25)
    finish(claimed())
    assert correct(speed_mm_s=25, at=LATER + timedelta(minutes=1)) == fresh(recording).current_job
    assert Job.objects.count() == 2
    assert AuditEvent.objects.filter(action="recording.correct").count() == 1


def test_what_was_refused_may_be_said_again(correct: Correct) -> None:
    first = correct(speed_mm_s=25)
    refuse(claimed(), "internal")
    assert correct(speed_mm_s=25, at=LATER + timedelta(minutes=1)) != first


def test_while_it_is_read_nothing_else_can_be_said(correct: Correct) -> None:
    correct(speed_mm_s=25)
    with pytest.raises(RecordingError, match="being read"):
        correct(speed_mm_s=12.5)


def test_the_result_says_what_was_told(recording: Recording, correct: Correct) -> None:
    job = correct(speed_mm_s=25)
    finish(claimed())
    assert told_for(Prediction.objects.get(job=job)) == told_of(job)


def test_the_audit_says_what_kind_of_thing_was_corrected(recording: Recording, correct: Correct, alice: Any) -> None:
    correct(speed_mm_s=25, corners=CORNERS)
    event = AuditEvent.objects.get(action="recording.correct")
    assert (event.user, event.details) == (alice, {"said": ["corners", "speed_mm_s"]})
    assert event.patient_ids == [str(recording.patient_id)]


def test_who_may_not_write_may_not_correct(correct: Correct, charlie_actor: Any, admin_ann_actor: Any) -> None:
    for actor in (charlie_actor, admin_ann_actor):
        with pytest.raises(PermissionDenied):
            correct(speed_mm_s=25, actor=actor)


def test_what_was_entered_in_error_is_not_corrected(recording: Recording, correct: Correct, alice_actor: Any) -> None:
    recording_withdraw(recording=recording, actor=alice_actor, reason="Wrong arm", at=LATER)
    with pytest.raises(RecordingError, match="entered in error"):
        correct(speed_mm_s=25)


def test_a_recording_without_a_picture_is_not_corrected(recording: Recording, correct: Correct) -> None:
    Recording.objects.update(display="")
    with pytest.raises(RecordingError, match="no picture"):
        correct(speed_mm_s=25)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("speed_mm_s", 0.9),
        ("seconds_across", 0.4),
        ("seconds_across", 121),
        ("speed_mm_s", 200.1),
        ("speed_mm_s", float("nan")),
        ("speed_mm_s", True),
        ("speed_mm_s", "25"),
        ("gain_mm_mv", 201),
        ("gain_mm_mv", float("inf")),
        ("lead", "X9"),
        ("leads", {"0.0": "V9"}),
        ("leads", {"first": "V1"}),
        ("leads", ["V1"]),
        ("corners", CORNERS[:3]),
        ("corners", [[10, 5], [301, 5], [290, 95], [10, 95]]),
        ("corners", [[10, 5], [290, -1], [290, 95], [10, 95]]),
        ("corners", [[10, 5], [20, 5], [20, 95], [10, 95]]),
        ("corners", CORNERS[::-1]),
        ("corners", [[10, 5], [290, 95], [290, 5], [10, 95]]),
        ("corners", [[10, 5], [290, 5], [60, 40], [10, 95]]),
        ("r_peaks_added", [[1, 2, 3]]),
        ("r_peaks_added", [["1", "2"]]),
        ("r_peaks_added", [[float("nan"), 2]]),
        ("r_peaks_added", [[1, 101]]),
        ("r_peaks_added", [[1, 2]] * 401),
        ("r_peaks_removed", 7),
    ],
)
def test_what_cannot_be_meant_names_its_field(correct: Correct, name: str, value: Any) -> None:
    with pytest.raises(ValidationError) as caught:
        correct(**{name: value})
    assert list(caught.value.message_dict) == [name]
    assert Job.objects.count() == 1


def test_points_count_together(correct: Correct) -> None:
    with pytest.raises(ValidationError):
        correct(r_peaks_added=[[1, 2]] * 201, r_peaks_removed=[[1, 2]] * 200)


def test_a_quarter_turn_begins_at_another_corner(correct: Correct) -> None:
    turned = [CORNERS[3], *CORNERS[:3]]
    assert told_of(correct(corners=turned)).corners == tuple((float(x), float(y)) for x, y in turned)
