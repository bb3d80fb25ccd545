import pytest
from django.utils import timezone

from classify.jobs import job_complete, jobs_claim
from classify.labels import selectors
from classify.labels.rules import labels_agreed
from classify.labels.selectors import labels_find
from classify.models import Job, Prediction, Recording
from tests.classify.conftest import result_of
from tests.classify.labels.conftest import read

pytestmark = pytest.mark.django_db


@pytest.fixture
def prediction(make_patient, make_prediction, st_mary, alice):
    return make_prediction(make_patient(st_mary, alice), "NNV")


def agreed(prediction):
    labels, left_out = labels_agreed(prediction.beats.all(), prediction.readings.all())
    return "".join(label.aami_class for label in labels), left_out


def test_what_nobody_read_has_no_label(prediction):
    assert agreed(prediction) == ("", {})


def test_a_confirmation_labels_every_beat_as_the_model_did(prediction, rita_actor):
    read(prediction, rita_actor)
    assert agreed(prediction) == ("NNV", {})


def test_a_correction_labels_the_changed_beats_as_the_reader_did(prediction, rita_actor):
    read(prediction, rita_actor, {2: "F"})
    assert agreed(prediction) == ("NNF", {})


def test_a_readers_newest_word_counts(prediction, rita_actor):
    read(prediction, rita_actor, {0: "S"})
    read(prediction, rita_actor, {1: "S"})
    assert agreed(prediction) == ("NSV", {})


def test_a_beat_whose_readers_differ_is_left_out_and_the_others_stay(prediction, rita_actor, second_reader):
    read(prediction, rita_actor, {0: "S"})
    read(prediction, second_reader, {0: "V", 2: "V", 1: "F"})
    labels, left_out = labels_agreed(prediction.beats.all(), prediction.readings.all())
    assert [(label.beat.index, label.aami_class, label.readers) for label in labels] == [(2, "V", 2)]
    assert left_out == {"readers_differ": 2}


def test_readers_who_come_to_agree_make_a_label_after_all(prediction, rita_actor, second_reader):
    read(prediction, rita_actor, {0: "S"})
    read(prediction, second_reader)
    read(prediction, rita_actor)
    assert agreed(prediction) == ("NNV", {})


def test_a_recording_that_one_reader_found_unreadable_is_left_out(prediction, rita_actor, second_reader):
    read(prediction, rita_actor)
    read(prediction, second_reader, verdict="unreadable")
    assert agreed(prediction) == ("", {"unreadable": 3})


def test_a_withdrawn_recording_has_no_labels(prediction, rita_actor, st_mary):
    read(prediction, rita_actor)
    Recording.objects.update(withdrawn_at=timezone.now())
    assert labels_find(st_mary).labels == []


def test_another_hospitals_labels_are_not_found(prediction, rita_actor, county):
    read(prediction, rita_actor)
    assert labels_find(county).labels == []


def test_only_the_newest_answer_that_was_read_counts(prediction, rita_actor, st_mary):
    read(prediction, rita_actor)
    rerun = another_answer(prediction.recording, "VVV")
    assert "".join(label.aami_class for label in labels_find(st_mary).labels) == "NNV"
    read(rerun, rita_actor)
    assert "".join(label.aami_class for label in labels_find(st_mary).labels) == "VVV"


def another_answer(recording, classes) -> Prediction:
    now = timezone.now()
    recording.current_job = Job.objects.create(recording=recording, queued_at=now, not_before=now)
    recording.save(update_fields=["current_job"])
    (job,) = jobs_claim(worker="host:1", at=now)
    assert job_complete(job=job, attempt=job.attempt, result=result_of(classes), at=now)
    return job.prediction


def test_what_was_signed_before_a_day_can_be_left_out(prediction, rita_actor, st_mary):
    signed = read(prediction, rita_actor).signed_at
    assert len(labels_find(st_mary, since=signed).labels) == 3
    assert labels_find(st_mary, since=timezone.now()).labels == []


def test_pictures_of_test_patients_make_no_labels(prediction, rita_actor, st_mary):
    read(prediction, rita_actor)
    Recording.objects.update(sha256=next(iter(selectors.exam_pictures())))
    found = labels_find(st_mary)
    assert (found.labels, found.left_out) == ([], {"test_picture": 3})


def test_the_demos_pictures_are_known_as_the_test_patients_they_show():
    assert len(selectors.exam_pictures()) == len(list(selectors.PICTURES.glob("*.png"))) > 0


def test_finding_labels_takes_the_same_queries_for_many_recordings(
    make_patient, make_prediction, st_mary, alice, rita_actor, django_assert_num_queries
):
    for _ in range(6):
        read(make_prediction(make_patient(st_mary, alice), "NNV"), rita_actor, {0: "S"})
    with django_assert_num_queries(6):
        assert len(labels_find(st_mary).labels) == 18
