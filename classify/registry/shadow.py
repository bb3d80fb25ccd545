"""What a shadow said, written beside the prediction that it is compared with; it is nobody's result."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Final
from uuid import UUID

from django.db import transaction

from classify.models import Prediction
from classify.registry.models import Deployment, ModelKind, ModelVersion, ShadowCount, ShadowPrediction
from worker.model.registry import Classifiers
from worker.results import EcgResult

if TYPE_CHECKING:
    from worker.model.classifier import Classifier

# A kind of picture, by the kind of model that reads it
KINDS_READ: Final = {"beat": {"beat"}, "context": {"strip", "sheet", "screen"}}


def models_beside(models: Classifiers, shadow: Deployment, classifier: "Classifier") -> Classifiers:
    """The models in use with the shadow in the place of its own kind."""
    return replace(models, beat=classifier) if shadow.kind == ModelKind.BEAT else replace(models, context=classifier)


@transaction.atomic
def shadow_write(
    *,
    prediction: Prediction,
    said: EcgResult,
    answer: EcgResult,
    version: ModelVersion,
    beside: ModelVersion,
    at: datetime,
) -> ShadowPrediction:
    """``answer`` is what the model in use said and ``said`` what the shadow says, about the same beats."""
    pairs = _pairs(answer, said)
    shadow = ShadowPrediction.objects.create(
        prediction=prediction,
        version=version,
        beside=beside,
        beats=[[beat.aami_class, round(beat.confidence, 4)] for beat in said.beats],
        beat_count=len(said.beats),
        differing=sum(beats for (one, other), beats in pairs.items() if one != other),
        unsure_count=said.unsure_count,
        created_at=at,
    )
    ShadowCount.objects.bulk_create(
        ShadowCount(shadow=shadow, active_class=one, shadow_class=other, beats=beats)
        for (one, other), beats in sorted(pairs.items())
    )
    return shadow


def _pairs(answer: EcgResult, said: EcgResult) -> Counter[tuple[str, str]]:
    return Counter((one.aami_class, other.aami_class) for one, other in zip(answer.beats, said.beats, strict=True))


def predictions_by_job(job_ids: Sequence[UUID]) -> dict[UUID, Prediction]:
    return {prediction.job_id: prediction for prediction in Prediction.objects.filter(job__in=job_ids)}
