"""The worker's part with the shipped networks and a real picture, in this process."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.core.files.storage import default_storage
from django.db import OperationalError

from classify.explanations import tasks
from classify.explanations.models import Explanation
from classify.explanations.services import explanation_request
from classify.jobs import job_complete, jobs_claim
from classify.models import Prediction, Recording
from classify.registry.models import Deployment, DeploymentRole, ModelVersion
from classify.tasks import recording_picture, request_of
from tests.classify.conftest import NOW
from worker.model.registry import Classifiers, artifact_folder, load_active, read_manifest
from worker.pipeline import classify_pictures

pytestmark = pytest.mark.django_db
STRIP = Path(__file__).parents[2] / "worker/golden/strip_1_N_103_6216.png"


@pytest.fixture(scope="module")
def models() -> Classifiers:
    return load_active()


@pytest.fixture
def version() -> ModelVersion:
    """The shipped network for strips, in use."""
    folder = artifact_folder("context")
    identity = read_manifest(folder).identity
    ModelVersion.objects.filter(sha256=identity.sha256).delete()
    version = ModelVersion.objects.create(
        kind="context",
        name=identity.name,
        version=identity.version,
        sha256=identity.sha256,
        manifest={},
        folder=f"context/{folder.name}",
        registered_at=NOW,
    )
    Deployment.objects.create(kind="context", role=DeploymentRole.ACTIVE, version=version, since=NOW)
    return version


@pytest.fixture
def prediction(upload: Callable[..., Any], models: Classifiers) -> Prediction:
    recording = upload(STRIP.read_bytes()).recordings[0]
    (job,) = jobs_claim(worker="host:1", at=NOW)
    (result,) = classify_pictures([request_of(job, recording_picture(recording))], models=models)
    assert job_complete(job=job, attempt=1, result=result, at=NOW)  # type: ignore[arg-type]
    return Prediction.objects.get()


@pytest.fixture
def asked(prediction: Prediction, alice_actor: Any) -> Explanation:
    beat = prediction.beats.get(index=2)
    return explanation_request(recording=prediction.recording, beat=beat, actor=alice_actor, at=NOW)


def worked(explanation: Explanation) -> Explanation:
    tasks.explanations_work()
    explanation.refresh_from_db()
    return explanation


def test_the_answer_of_the_prediction_is_explained(asked: Explanation, version: ModelVersion) -> None:
    row = worked(asked)
    assert (row.state, row.reason) == ("done", "")
    assert row.result is not None
    beat = row.prediction.beats.get(index=2)
    assert row.result["aami_class"] == beat.aami_class
    assert row.result["probability"] == pytest.approx(beat.confidence, abs=0.02)
    assert row.result["unit"] == "s"


def test_a_version_that_is_no_longer_in_use_still_explains_its_answers(
    asked: Explanation, version: ModelVersion
) -> None:
    Deployment.objects.all().delete()
    assert worked(asked).state == "done"


def test_without_the_very_version_nothing_is_explained(asked: Explanation, version: ModelVersion) -> None:
    Deployment.objects.all().delete()
    version.delete()
    row = worked(asked)
    assert (row.state, row.reason, row.result) == ("failed", "model_gone", None)


def test_a_version_whose_file_is_another_is_gone(asked: Explanation, version: ModelVersion) -> None:
    Deployment.objects.all().delete()
    ModelVersion.objects.update(folder="context/nowhere")
    assert worked(asked).reason == "model_gone"


def test_without_the_picture_it_says_so(asked: Explanation, version: ModelVersion) -> None:
    default_storage.delete(asked.prediction.recording.original.name)
    assert worked(asked).reason == "picture_gone"


def test_a_picture_that_is_read_differently_is_not_explained(
    asked: Explanation, version: ModelVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "is_same_beat", lambda explained, beat: False)
    assert worked(asked).reason == "read_differently"


def test_what_is_said_of_the_paper_later_changes_no_explanation(asked: Explanation, version: ModelVersion) -> None:
    Recording.objects.update(speed_mm_s=200.0)
    assert worked(asked).state == "done"


@pytest.mark.parametrize(
    ("error", "code"), [(RuntimeError("Vale, Iris"), "internal"), (SoftTimeLimitExceeded(), "timeout")]
)
def test_a_fault_of_ours_is_tried_again_and_then_said(
    asked: Explanation,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
    code: str,
    settings: Any,
) -> None:
    def breaks(explanation: Explanation) -> None:
        raise error

    monkeypatch.setattr(tasks, "explanation_make", breaks)
    for attempt in range(1, settings.JOB_MAX_ATTEMPTS + 1):
        row = worked(asked)
        assert row.attempt == attempt
    assert (row.state, row.reason) == ("failed", code)
    assert "Vale" not in caplog.text


def test_the_task_outlives_a_database_that_is_away(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def away(**kwargs: Any) -> None:
        raise OperationalError("Vale, Iris")

    monkeypatch.setattr(tasks, "explanation_claim", away)
    tasks.explanations_work()
    assert "OperationalError" in caplog.text
    assert "Vale" not in caplog.text


def test_the_task_rings_for_the_next_in_turn(
    prediction: Prediction, version: ModelVersion, alice_actor: Any, doorbell: list[str]
) -> None:
    for beat in prediction.beats.filter(index__lt=2):
        explanation_request(recording=prediction.recording, beat=beat, actor=alice_actor, at=NOW)
    doorbell.clear()
    tasks.explanations_work()
    assert doorbell == [tasks.TASK]
    tasks.explanations_work()
    assert len(doorbell) == 1
    assert set(Explanation.objects.values_list("state", flat=True)) == {"done"}
