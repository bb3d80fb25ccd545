"""A shadow beside the model in use, in the worker's own task; networks and readings are stand-ins."""

from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from celery.exceptions import SoftTimeLimitExceeded

from classify import tasks
from classify.models import Job, Prediction
from classify.registry import serving
from classify.registry.models import Deployment, ShadowCount, ShadowPrediction
from classify.registry.services import shadow_start
from portal.audit.append_only import AppendOnlyError
from tests.classify.conftest import result_of
from worker.errors import EcgError
from worker.model.registry import ArtifactError, Fault, read_manifest

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
SECRET = "Vale, Iris"


def load(folder):
    manifest = read_manifest(folder)
    return SimpleNamespace(kind=manifest.kind, identity=manifest.identity)


class Said:
    """What each version of the strips' model says, whatever the picture."""

    def __init__(self):
        self.by_version = {"1.0.0": result_of("NNV"), "2.0.0": result_of("NSV", unsure="S")}
        self.calls = []

    def __call__(self, requests, readings, *, models):
        version = models.context.identity.version
        self.calls.append((version, len(requests), Prediction.objects.count()))
        said = self.by_version[version]
        if isinstance(said, Exception) and not isinstance(said, EcgError):
            raise said
        return [said for _ in requests]


@pytest.fixture
def said(monkeypatch):
    monkeypatch.setattr(serving, "_classifiers", {})
    monkeypatch.setattr(serving, "load", load)
    one = Said()
    monkeypatch.setattr(tasks, "classify_readings", one)
    return one


@pytest.fixture
def shadow(make_version, admin_ann_actor, said):
    for kind in ("beat", "context"):
        make_version(kind, "1.0.0")
    new = make_version("context", "2.0.0")
    shadow_start(actor=admin_ann_actor, candidate=new, reason="", at=NOW)
    return new


def states():
    return sorted(Job.objects.values_list("state", flat=True))


def problem():
    return Deployment.objects.get(role="shadow").problem


def test_the_shadow_speaks_after_the_answers_are_stored_and_about_the_same_batch(upload, shadow, said):
    for _ in range(3):
        upload()
    tasks.jobs_work()
    assert said.calls == [("1.0.0", 3, 0), ("2.0.0", 3, 3)]
    assert ShadowPrediction.objects.count() == 3


def test_what_it_said_is_kept_beat_by_beat_and_counted_by_class(upload, shadow, said):
    upload()
    tasks.jobs_work()
    row = ShadowPrediction.objects.get()
    assert row.beats == [["N", 0.9], ["S", 0.9], ["V", 0.9]]
    assert (row.version, row.beside.version) == (shadow, "1.0.0")
    assert (row.beat_count, row.differing, row.unsure_count) == (3, 1, 1)
    assert list(ShadowCount.objects.values_list("active_class", "shadow_class", "beats")) == [
        ("N", "N", 1), ("N", "S", 1), ("V", "V", 1),
    ]  # fmt: skip
    assert [beat.aami_class for beat in Prediction.objects.get().beats.all()] == ["N", "N", "V"]


@pytest.mark.parametrize("error", [RuntimeError(SECRET), SoftTimeLimitExceeded()])
def test_a_shadow_that_fails_is_noted_and_ends_nobodys_job(upload, shadow, said, caplog, error):
    said.by_version["2.0.0"] = error
    upload()
    tasks.jobs_work()
    assert states() == ["done"]
    assert type(error).__name__ in problem()
    assert SECRET not in caplog.text + problem()
    assert not ShadowPrediction.objects.exists()


def test_a_shadow_that_cannot_be_loaded_is_noted_and_ends_nobodys_job(upload, shadow, model_folder):
    (model_folder / "context" / "2.0.0" / "network.keras").unlink()
    upload()
    tasks.jobs_work()
    assert states() == ["done"]
    assert "is missing" in problem()


def test_a_shadow_that_works_again_has_no_problem_any_more(upload, shadow, said):
    whole = said.by_version["2.0.0"]
    said.by_version["2.0.0"] = RuntimeError("x")
    upload()
    tasks.jobs_work()
    said.by_version["2.0.0"] = whole
    upload()
    tasks.jobs_work()
    assert problem() == ""


def test_what_the_model_in_use_could_not_answer_is_not_asked_of_the_shadow(upload, shadow, said):
    said.by_version["1.0.0"] = EcgError("not_an_ecg")
    upload()
    tasks.jobs_work()
    assert states() == ["refused"]
    assert [version for version, *_ in said.calls] == ["1.0.0"]


def test_a_shadow_of_strips_does_not_see_single_beats(upload, shadow, said):
    said.by_version["1.0.0"] = replace(result_of("N"), kind="beat")
    upload()
    tasks.jobs_work()
    assert [version for version, *_ in said.calls] == ["1.0.0"]


def test_a_model_in_use_that_cannot_be_loaded_has_its_jobs_tried_again_and_then_failed(
    upload, shadow, said, monkeypatch, settings
):
    monkeypatch.setattr(serving, "_classifiers", {})

    def breaks(folder):
        raise ArtifactError("network.keras: expected sha256 aa. Received: bb", Fault.OTHER_NETWORK)

    monkeypatch.setattr(serving, "load", breaks)
    upload()
    for attempt in (1, 2, 3):
        tasks.jobs_work()
        job = Job.objects.get()
        assert job.attempt == attempt
        Job.objects.filter(state="queued").update(not_before=NOW)
    assert (job.state, job.reason) == ("failed", "internal")
    assert Deployment.objects.filter(problem="the network is not the one that the manifest describes").exists()


def test_the_worker_starts_although_a_model_cannot_be_loaded(shadow, model_folder, caplog):
    (model_folder / "context" / "1.0.0" / "network.keras").unlink()
    tasks.child_start()
    assert "Nothing can be classified" in caplog.text


def test_what_a_shadow_said_is_never_changed(upload, shadow, said):
    upload()
    tasks.jobs_work()
    row = ShadowPrediction.objects.get()
    for attempt in (row.save, row.delete, ShadowCount.objects.all().delete):
        with pytest.raises(AppendOnlyError):
            attempt()
