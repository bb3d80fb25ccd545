"""The recipe: pictures in, one end for each.  No I/O, no clock, no global."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from worker.ecg.annotations import AAMI_CLASSES
from worker.ecg.beats import Strip
from worker.errors import EcgError
from worker.image.decode import Picture
from worker.image.reading import Reading, read_picture
from worker.results import BeatResult, EcgResult

if TYPE_CHECKING:
    from worker.model.classifier import Classifier
    from worker.model.registry import Classifiers


@dataclass(frozen=True, slots=True)
class Request:
    """A picture and what its sender knows about it."""

    picture: Picture
    lead: str | None = None
    speed_mm_s: float | None = None
    gain_mm_mv: float | None = None


def classify_pictures(requests: Sequence[Request], *, models: Classifiers) -> list[EcgResult | EcgError]:
    """Read and classify pictures.

    Parameters
    ----------
    requests : sequence of Request
    models : Classifiers
        Single beats go through ``models.beat``, strips through ``models.context``; each network is called once
        for all beats of all pictures.

    Returns
    -------
    list of EcgResult or EcgError
        One end per request, in order.  An error is returned, not raised, so that it ends its own picture alone.
    """
    return classify_readings(requests, read_pictures(requests), models=models)


def read_pictures(requests: Sequence[Request]) -> list[Reading | EcgError]:
    """Read pictures: the half of the work that no model takes part in.

    Returns
    -------
    list of Reading or EcgError
        One per request, in order.
    """
    return [_read(request) for request in requests]


def classify_readings(
    requests: Sequence[Request], readings: Sequence[Reading | EcgError], *, models: Classifiers
) -> list[EcgResult | EcgError]:
    """Classify what was read.  Several sets of models may say what they make of the same readings.

    Parameters
    ----------
    requests : sequence of Request
    readings : sequence of Reading or EcgError
        From ``read_pictures``, in the order of the requests.
    models : Classifiers
        As for ``classify_pictures``.

    Returns
    -------
    list of EcgResult or EcgError
        One end per request, in order.
    """
    crops = [at for at, reading in enumerate(readings) if isinstance(reading, Reading) and reading.kind == "beat"]
    strips = [at for at, reading in enumerate(readings) if isinstance(reading, Reading) and reading.kind == "strip"]
    ends: list[EcgResult | EcgError | None] = [r if isinstance(r, EcgError) else None for r in readings]
    for at, row in zip(crops, models.beat.classify_crops([_of(readings, at).values for at in crops]), strict=True):
        ends[at] = _result(requests[at], _of(readings, at), row[None, :], models.beat)
    drawn = [_strip(_of(readings, at)) for at in strips]
    for at, rows in zip(strips, models.context.classify_strips(drawn), strict=True):
        ends[at] = _result(requests[at], _of(readings, at), rows, models.context)
    return [end for end in ends if end is not None]


def _read(request: Request) -> Reading | EcgError:
    try:
        return read_picture(request.picture, speed_mm_s=request.speed_mm_s)
    except EcgError as error:
        return error


def _of(readings: Sequence[Reading | EcgError], at: int) -> Reading:
    reading = readings[at]
    assert isinstance(reading, Reading)
    return reading


def _strip(reading: Reading) -> Strip:
    return Strip(values=reading.values, fs=reading.fs, r_peaks=reading.r_peaks)


def _result(request: Request, reading: Reading, probabilities: np.ndarray, model: Classifier) -> EcgResult:
    rr_s = _rr_s(reading)
    return EcgResult(
        kind=reading.kind,
        beats=tuple(
            _beat(index, row, reading, request.lead, model.threshold) for index, row in enumerate(probabilities)
        ),
        model=model.identity,
        width_px=request.picture.width_px,
        height_px=request.picture.height_px,
        rate_bpm=round(60.0 / float(np.mean(rr_s)), 1) if rr_s else None,
        rr_s=rr_s,
        settings=_settings(request, reading, model.threshold),
    )


def _rr_s(reading: Reading) -> tuple[float, ...]:
    if reading.fs is None or reading.kind != "strip":
        return ()
    return tuple(round(float(rr), 4) for rr in np.diff(reading.r_peaks) / reading.fs)


def _beat(index: int, row: np.ndarray, reading: Reading, lead: str | None, threshold: float) -> BeatResult:
    probabilities = {name: float(p) for name, p in zip(AAMI_CLASSES, row, strict=True)}
    top = max(AAMI_CLASSES, key=lambda name: probabilities[name])
    fs = reading.fs
    return BeatResult(
        index=index,
        aami_class=top,
        probabilities=probabilities,
        confidence=probabilities[top],
        unsure=probabilities[top] < threshold,
        lead=lead,
        box=reading.boxes[index],
        r_peak_s=None if fs is None else round(float(reading.r_peaks[index]) / fs, 4),
    )


def _settings(request: Request, reading: Reading, threshold: float) -> dict[str, Any]:
    """What the reading found and what it assumed, for whoever checks it later."""
    speed_source = None
    if reading.speed_mm_s is not None:
        speed_source = "assumed" if request.speed_mm_s is None else "user"
    return {
        "px_per_mm_x": reading.px_per_mm_x,
        "px_per_mm_y": reading.px_per_mm_y,
        "speed_mm_s": reading.speed_mm_s,
        "speed_source": speed_source,
        "gain_mm_mv": request.gain_mm_mv,
        "quality": reading.quality,
        "gap_fraction": round(reading.gap_fraction, 4),
        "threshold": threshold,
    }
