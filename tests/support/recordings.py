"""Patients, recordings and results as rows, for tests that do not need a worker to make them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from io import BytesIO
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from classify.models import Prediction, Recording
    from patients.models import Patient
    from portal.accounts.models import Hospital, User

numbers = count(1)
WIDTH, HEIGHT = 400, 120
RecordingMaker = Callable[..., "Recording"]


def picture_bytes(shade: int = 255) -> bytes:
    from PIL import Image

    out = BytesIO()
    Image.new("RGB", (WIDTH, HEIGHT), (shade, 255, 255)).save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def make_patient(db: None) -> Callable[..., Patient]:
    from patients.models import Patient

    def make(hospital: Hospital, created_by: User, **fields: Any) -> Patient:
        number = next(numbers)
        defaults = {"mrn": f"M{number:05}", "family_name": f"Vale{number}", "given_name": "Iris"}
        return Patient.objects.create(
            hospital=hospital, created_by=created_by, **{"birth_date": date(1950, 2, 3), **defaults, **fields}
        )

    return make


@pytest.fixture
def make_recording(db: None, make_patient: Callable[..., Patient]) -> RecordingMaker:
    """A recording whose newest job stands in ``state``; its pictures are real files."""
    from django.core.files.base import ContentFile
    from django.utils import timezone

    from classify.models import Job, Recording
    from patients.timeline import timeline_entry_add

    def make(patient: Patient, state: str = "queued", *, reason: str = "", **fields: Any) -> Recording:
        now, number = timezone.now(), next(numbers)
        data = picture_bytes(number % 256)
        recording = Recording(
            hospital=patient.hospital,
            patient=patient,
            uploaded_by=patient.created_by,
            content_type="image/png",
            size_bytes=len(data),
            sha256=f"{number:064x}",
            pixels=WIDTH * HEIGHT,
            width_px=WIDTH,
            height_px=HEIGHT,
            **fields,
        )
        for field in (recording.original, recording.display, recording.thumbnail):
            field.save("x", ContentFile(data), save=False)
        recording.save()
        lease = {"lease_until": now, "started_at": now} if state == "running" else {}
        recording.current_job = Job.objects.create(
            recording=recording, state=state, reason=reason, queued_at=now, not_before=now, **lease
        )
        recording.save(update_fields=["current_job"])
        timeline_entry_add(
            patient=patient, kind="recording", ref=recording.id, occurred_at=recording.recorded_at or now
        )
        return recording

    return make


@pytest.fixture
def make_prediction(make_recording: RecordingMaker) -> Callable[..., Prediction]:
    """``make_prediction(patient, "NNV", confidences=[.9, .9, .4])``: a recording that is done, with its beats."""
    from classify.models import Beat, Prediction

    def make(
        patient: Patient, classes: str = "NNV", *, confidences: list[float] | None = None, **fields: Any
    ) -> Prediction:
        recording = make_recording(patient, "done", **fields)
        certain = confidences or [0.9] * len(classes)
        prediction = Prediction.objects.create(
            recording=recording,
            job=recording.current_job,
            kind="strip" if len(classes) > 1 else "beat",
            model_name="context",
            model_version="1.0.0",
            model_sha256="0" * 64,
            counts={letter: classes.count(letter) for letter in "NSVFQ"},
            beat_count=len(classes),
            unsure_count=sum(value < 0.5 for value in certain),
            least_confidence=min(certain),
            rate_bpm=72.0 if len(classes) > 1 else None,
        )
        step = WIDTH // len(classes)
        Beat.objects.bulk_create(
            Beat(
                prediction=prediction,
                index=index,
                aami_class=letter,
                probabilities={other: value if other == letter else (1 - value) / 4 for other in "NSVFQ"},
                confidence=value,
                unsure=value < 0.5,
                x=index * step,
                y=10,
                width=step,
                height=100,
            )
            for index, (letter, value) in enumerate(zip(classes, certain, strict=True))
        )
        return prediction

    return make
