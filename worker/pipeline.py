"""The recipe: pictures in, one end for each.  No I/O, no clock, no global."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from worker.ecg.annotations import AAMI_CLASSES
from worker.ecg.beats import Strip
from worker.errors import EcgError
from worker.image.decode import Picture
from worker.image.read import read_picture
from worker.image.reading import LeadReading, Reading
from worker.image.told import NOTHING_TOLD, Told, told_dict
from worker.image.traced import tracing_of
from worker.model.trust import is_trusted
from worker.results import BeatResult, EcgResult

if TYPE_CHECKING:
    from worker.model.classifier import Classifier
    from worker.model.registry import Classifiers


@dataclass(frozen=True, slots=True)
class Request:
    """A picture and what a person says of it."""

    picture: Picture
    told: Told = NOTHING_TOLD


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
    ends: list[EcgResult | EcgError | None] = [r if isinstance(r, EcgError) else None for r in readings]
    read = [(at, reading) for at, reading in enumerate(readings) if isinstance(reading, Reading)]
    for model, chosen in (
        (models.beat, [one for one in read if one[1].kind == "beat"]),
        (models.context, [one for one in read if one[1].kind != "beat"]),
    ):
        for (at, reading), rows in zip(chosen, _classified([one for _, one in chosen], model), strict=True):
            ends[at] = _result(requests[at], reading, rows, model)
    return [end for end in ends if end is not None]


def _classified(readings: Sequence[Reading], model: Classifier) -> list[list[np.ndarray]]:
    """Probabilities ``[n_beats, 5]`` of each lead that a reading is answered from; the network is called once."""
    leads = [lead for reading in readings for lead in reading.answered]
    if model.kind == "beat":
        rows = iter(model.classify_crops([lead.values for lead in leads])[:, None])
    else:
        rows = iter(model.classify_strips([Strip(lead.values, lead.fs, lead.r_peaks) for lead in leads]))
    return [[next(rows) for _ in reading.answered] for reading in readings]


def _read(request: Request) -> Reading | EcgError:
    try:
        return read_picture(request.picture, request.told)
    except EcgError as error:
        return error


def _result(request: Request, reading: Reading, rows: Sequence[np.ndarray], model: Classifier) -> EcgResult:
    beats = [
        _beat(row, lead, number, reading, model)
        for lead, probabilities in zip(reading.answered, rows, strict=True)
        for number, row in enumerate(probabilities)
    ]
    rr_s = _rr_s(reading)
    return EcgResult(
        kind=reading.kind,
        beats=tuple(replace(beat, index=index) for index, beat in enumerate(beats)),
        model=model.identity,
        width_px=request.picture.width_px,
        height_px=request.picture.height_px,
        rate_bpm=round(60.0 / float(np.mean(rr_s)), 1) if rr_s else None,
        rr_s=rr_s if len(reading.answering) == 1 else (),
        settings=_settings(request, reading, model.threshold),
        tracing=tracing_of(reading),
    )


def _rr_s(reading: Reading) -> tuple[float, ...]:
    """All intervals within a lead; between two leads none is known."""
    if reading.kind == "beat":
        return ()
    return tuple(
        round(float(rr), 4)
        for lead in reading.answered
        if lead.fs is not None
        for rr in np.diff(lead.r_peaks) / lead.fs
    )


def _beat(row: np.ndarray, lead: LeadReading, number: int, reading: Reading, model: Classifier) -> BeatResult:
    probabilities = {name: float(p) for name, p in zip(AAMI_CLASSES, row, strict=True)}
    top = max(AAMI_CLASSES, key=lambda name: probabilities[name])
    has_time = lead.fs is not None and len(reading.answering) == 1
    believed = is_trusted(top, lead, model.trusted_leads) and not lead.lacks(number)
    return BeatResult(
        index=number,
        aami_class=top,
        probabilities=probabilities,
        confidence=probabilities[top],
        unsure=probabilities[top] < model.threshold or not believed,
        lead=lead.lead,
        box=lead.boxes[number],
        r_peak_s=round(float(lead.r_peaks[number]) / (lead.fs or 1.0), 4) if has_time else None,
    )


def _beats_in_gaps(reading: Reading) -> list[int]:
    lacking = [lead.lacks(number) for lead in reading.answered for number in range(lead.r_peaks.size)]
    return [index for index, lacks in enumerate(lacking) if lacks]


def _settings(request: Request, reading: Reading, threshold: float) -> dict[str, Any]:
    """What the reading found and what it assumed, for whoever checks it later."""
    return {
        "px_per_mm_x": reading.px_per_mm_x,
        "px_per_mm_y": reading.px_per_mm_y,
        "speed_mm_s": reading.speed_mm_s,
        "speed_source": reading.speed_source,
        "gain_mm_mv": reading.gain_mm_mv,
        "gain_source": reading.gain_source,
        "seconds_across": reading.seconds_across,
        "layout": reading.layout,
        "leads_answering": len(reading.answering),
        "beats_in_gaps": _beats_in_gaps(reading),
        "quality": reading.quality,
        "gap_fraction": round(max(lead.gap_fraction for lead in reading.answered), 4),
        "threshold": threshold,
        "told": told_dict(request.told),
    }
