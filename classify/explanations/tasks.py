"""What a worker does for an explanation. Loaded by the worker alone, as ``classify.tasks``.

The picture is read again as it was for the prediction, by the version of the model that made it. Where either is not
to be had, or the reading is another today, nothing is explained: it would be the explanation of another answer.
"""

import logging
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded
from django.db import Error as AnyDatabaseError
from django.utils import timezone

from classify.doorbell import doorbell_ring
from classify.explanations.models import Explanation
from classify.explanations.queue import (
    TASK,
    explanation_claim,
    explanation_complete,
    explanation_fail,
    explanation_put_back,
    explanations_are_due,
)
from classify.explanations.reasons import (
    INTERNAL,
    MODEL_GONE,
    PICTURE_GONE,
    READ_DIFFERENTLY,
    TIMEOUT,
    NotExplainable,
)
from classify.models import Beat, Prediction
from classify.registry.folders import folder_of
from classify.registry.models import Deployment, ModelVersion
from classify.registry.serving import ModelUnavailable, classifier_of
from classify.tasks import place_of, recording_picture
from classify.told import told_for
from worker.ecg.annotations import AAMI_CLASSES
from worker.errors import EcgError
from worker.explanation import BeatExplanation, explain_beat, explanation_dict
from worker.image.read import read_picture
from worker.image.reading import Reading
from worker.model.registry import ArtifactError, load

if TYPE_CHECKING:
    from worker.model.classifier import Classifier

log = logging.getLogger(__name__)

# Processors differ in the last digits of a network's sums.
SAME_WITHIN: Final = 0.02


@shared_task(name=TASK)
def explanations_work() -> None:
    """One explanation, so that the time limit is that of one; then the doorbell for the rest."""
    try:
        explanation = explanation_claim(at=timezone.now())
        if explanation is None:
            return
        explanation_work(explanation)
        if explanations_are_due():
            doorbell_ring(TASK)
    except AnyDatabaseError as error:  # nothing can be written now: the lease runs out and the sweeper rings again
        log.error("The database failed: %s.", place_of(error))


def explanation_work(explanation: Explanation) -> None:
    """Ends somewhere, whatever goes wrong."""
    try:
        result = explanation_make(explanation)
    except NotExplainable as known:
        log.info("Explanation %s ended: %s.", explanation.pk, known.code)
        explanation_fail(explanation, known.code, at=timezone.now())
    except SoftTimeLimitExceeded:
        explanation_put_back(explanation, TIMEOUT, at=timezone.now())
    except AnyDatabaseError:
        raise
    except Exception as error:
        log.error("Explanation %s failed: %s.", explanation.pk, place_of(error))
        explanation_put_back(explanation, INTERNAL, at=timezone.now())
    else:
        explanation_complete(explanation, result, at=timezone.now())


def explanation_make(explanation: Explanation) -> dict[str, Any]:
    prediction = explanation.prediction
    beat = prediction.beats.get(index=explanation.beat_index)
    classifier = classifier_for(prediction)
    reading = reading_again(prediction)
    if (reading.kind, len(reading.boxes)) != (prediction.kind, prediction.beat_count):
        raise NotExplainable(READ_DIFFERENTLY)
    asked = next(letter for letter in AAMI_CLASSES if letter == beat.aami_class)
    explained = explain_beat(reading, beat.index, asked, classifier=classifier)
    if not is_same_beat(explained, beat):
        raise NotExplainable(READ_DIFFERENTLY)
    return explanation_dict(explained)


def classifier_for(prediction: Prediction) -> "Classifier":
    """The very network that made the prediction: one in use, or one that is still registered and whole."""
    made_by = {"sha256": prediction.model_sha256, "version": prediction.model_version}
    deployed = Deployment.objects.select_related("version").filter(**{f"version__{k}": v for k, v in made_by.items()})
    try:
        if (deployment := deployed.first()) is not None:
            return classifier_of(deployment, at=timezone.now())
        if (version := ModelVersion.objects.filter(**made_by).first()) is not None:
            return _load(folder_of(version), version.sha256)
    except (ArtifactError, ModelUnavailable) as error:
        raise NotExplainable(MODEL_GONE) from error
    raise NotExplainable(MODEL_GONE)


@lru_cache(maxsize=2)
def _load(folder: Path, sha256: str) -> "Classifier":
    classifier = load(folder)
    if classifier.identity.sha256 != sha256:
        raise ArtifactError("the manifest names another network")
    return classifier


def reading_again(prediction: Prediction) -> Reading:
    try:
        return read_picture(recording_picture(prediction.recording), told_for(prediction))
    except FileNotFoundError as error:
        raise NotExplainable(PICTURE_GONE) from error
    except EcgError as error:
        raise NotExplainable(READ_DIFFERENTLY) from error


def is_same_beat(explained: BeatExplanation, beat: Beat) -> bool:
    box = (beat.x, beat.y, beat.width, beat.height)
    return explained.box == box and abs(explained.probability - beat.probabilities[beat.aami_class]) <= SAME_WITHIN
