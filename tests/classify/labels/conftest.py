"""Strips that the worker's own reader reads, with the answer that a model might have given and readers' words on it."""

import io
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest
from django.utils import timezone
from PIL import Image

from classify.jobs import job_complete, jobs_claim
from classify.labels.services import exports_are_due
from classify.models import Prediction
from classify.review.models import Reading
from classify.review.services import reading_sign
from classify.services import recording_upload
from tests.worker.drawings import made_up_ecg, paper_strip
from worker.ecg.annotations import AAMI_CLASSES
from worker.image.decode import decode_picture
from worker.image.read import read_picture
from worker.results import BeatResult, EcgResult, ModelIdentity


def strip_png(seed: int) -> bytes:
    rng = np.random.default_rng(seed)
    out = io.BytesIO()
    Image.fromarray(paper_strip(made_up_ecg(rng, seconds=5.0, bpm=60 + 5 * (seed % 7))).rgb).save(out, "PNG")
    return out.getvalue()


@cache
def answer_to(data: bytes, model: ModelIdentity | None = None) -> EcgResult:
    """What a model that calls every beat N would say of a picture."""
    picture = decode_picture(data)
    reading = read_picture(picture)
    beats = tuple(
        BeatResult(
            index=index,
            aami_class="N",
            probabilities={name: 0.9 if name == "N" else 0.025 for name in AAMI_CLASSES},
            confidence=0.9,
            unsure=False,
            lead="II",
            box=box,
            r_peak_s=float(reading.answered[0].r_peaks[index] / reading.answered[0].fs),
        )
        for index, box in enumerate(reading.boxes)
    )
    return EcgResult(
        kind=reading.kind,
        beats=beats,
        model=model or ModelIdentity("beatline-context", "1.0.0", "a" * 64),
        width_px=picture.width_px,
        height_px=picture.height_px,
    )


@pytest.fixture
def make_strip(alice_actor: Any) -> Callable[..., Prediction]:
    """``make_strip(patient, seed)`` uploads a strip and gives it its answer."""

    def make(patient: Any, seed: int = 1, **fields: Any) -> Prediction:
        return strip_answered(alice_actor, patient, seed, **fields)

    return make


def strip_answered(actor: Any, patient: Any, seed: int, **fields: Any) -> Prediction:
    now, data = timezone.now(), strip_png(seed)
    recording_upload(actor=actor, patient=patient, data=data, at=now, **fields)
    (job,) = jobs_claim(worker="host:1", at=now)
    assert job_complete(job=job, attempt=job.attempt, result=answer_to(data), at=now)
    return Prediction.objects.get(job=job)


@pytest.fixture
def prediction(make_strip: Callable[..., Prediction], patient: Any) -> Prediction:
    return make_strip(patient)


@pytest.fixture
def second_reader(join: Any, st_mary: Any) -> Any:
    from tests.support.people import actor_of

    return actor_of(join(st_mary, "rob", "reviewer"))


def exports_complete() -> None:
    """As many turns as it takes: one lasts seconds, and a slow machine needs several for a few pictures."""
    from classify.labels.tasks import label_exports_work

    label_exports_work()
    while exports_are_due():
        label_exports_work()


def read(prediction: Prediction, actor: Any, corrections: dict[int, str] | None = None, **fields: Any) -> Reading:
    """Confirms the answer, or corrects it."""
    verdict = "corrected" if corrections else "confirmed"
    return reading_sign(
        prediction=prediction, actor=actor, **{"verdict": verdict, "corrections": corrections or {}, **fields}
    )
