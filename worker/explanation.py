"""One beat of a picture explained: what the model's answer rests on, along time.  No I/O, no clock, no global."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from worker.ecg.annotations import AAMI_CLASSES, AamiClass
from worker.ecg.beats import SEGMENT_LONGEST_S, Strip, strip_segments
from worker.ecg.drawing import BEAT_WINDOW_S, CONTEXT_CHANNELS, context_columns, crop_columns
from worker.ecg.rr import assumed_fs, mean_rr_s
from worker.model.occlusion import (
    Occlusion,
    Part,
    Probabilities,
    blanked,
    context_parts,
    crop_parts,
    focus,
    time_occlusion,
)
from worker.results import Box

if TYPE_CHECKING:
    from worker.image.reading import LeadReading, Reading
    from worker.model.classifier import Classifier

TRACE_POINTS: Final = 320
_DIGITS: Final = 4


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """Values evenly spaced from ``start`` to ``stop``, in the unit of the explanation; NaN where there are none."""

    start: float
    stop: float
    values: np.ndarray


@dataclass(frozen=True, slots=True)
class Focus:
    """The stretch that the answer rests on most, and the loss of probability when just that is covered."""

    start: float
    stop: float
    drop: float


@dataclass(frozen=True, slots=True, eq=False)
class BeatExplanation:
    """Where the network looked.

    ``probability`` is that of the class asked about, on the whole drawing.  ``trace`` has heights from 0 to 1 as the
    picture was read; the network sees it filtered, and moved by up to 40 ms to lie on the other beats.  ``class_map``
    is 0 to 1 along the beat's window.  ``occlusions`` starts with the part ``all``, which has the trace's axis.
    """

    aami_class: AamiClass
    probability: float
    beats: int
    box: Box
    trace: Curve
    class_map: Curve
    occlusions: tuple[Occlusion, ...]
    focus: Focus | None


@dataclass(frozen=True, slots=True, eq=False)
class _Drawn:
    """One beat as the network sees it, what its columns stand for, and the drawings of all beats of its strip."""

    columns: np.ndarray
    of_strip: np.ndarray
    parts: list[Part]
    window: tuple[float, float]  # of the class map, in the unit of the parts
    trace: Curve


def explain_beat(reading: Reading, index: int, aami_class: AamiClass, *, classifier: Classifier) -> BeatExplanation:
    """Ask a model what its answer about one beat rests on.

    Parameters
    ----------
    reading : Reading
        The picture, read as for classification.
    index : int
        Of the beat, from 0.
    aami_class : {"N", "S", "V", "F", "Q"}
        The class that is asked about.
    classifier : Classifier
        Of the reading's kind.

    Raises
    ------
    IndexError
        If the reading has no such beat.
    """
    # Imported here: it imports TensorFlow, and the shape of an explanation is of use without it.
    from worker.model.explain import class_activation_maps, class_strip

    lead, number = reading.lead_of_beat(index)
    channels = classifier.network.input_shape[1]
    drawn = _drawn_crop(lead) if reading.kind == "beat" else _drawn_strip(lead, number, channels)
    asked = AAMI_CLASSES.index(aami_class)
    probabilities = partial(classifier.probabilities, s_move=classifier.s_move(drawn.of_strip))
    occlusions = time_occlusion(probabilities, drawn.columns, asked, drawn.parts)
    maps = class_activation_maps(classifier.network, drawn.columns[None], np.array([asked]))
    probability = float(probabilities(drawn.columns[None])[0, asked])
    return BeatExplanation(
        aami_class=aami_class,
        probability=probability,
        beats=len(reading.boxes),
        box=reading.boxes[index],
        trace=drawn.trace,
        class_map=Curve(*drawn.window, class_strip(maps)[0]),
        occlusions=tuple(occlusions),
        focus=_focus(drawn, occlusions[0], probability, asked, probabilities),
    )


def _focus(
    drawn: _Drawn, overall: Occlusion, probability: float, asked: int, probabilities: Probabilities
) -> Focus | None:
    stretch = focus(overall)
    if stretch is None:
        return None
    covered = blanked(drawn.columns, overall.part, *stretch)
    return Focus(*stretch, probability - float(probabilities(covered[None])[0, asked]))


def _drawn_crop(lead: LeadReading) -> _Drawn:
    trace = Curve(0.0, 1.0, _heights(lead.values, np.linspace(0, lead.values.size - 1, TRACE_POINTS)))
    columns = crop_columns(lead.values)
    return _Drawn(columns, columns[None], crop_parts(), (0.0, 1.0), trace)


def _drawn_strip(lead: LeadReading, index: int, channels: int) -> _Drawn:
    strip = Strip(values=lead.values, fs=lead.fs, r_peaks=lead.r_peaks)
    fs = strip.fs or assumed_fs(strip.r_peaks, strip.values.size)
    mean_rr = _mean_rr_s(strip.r_peaks / fs, index, strip.values.size / fs)
    scale = 1.0 if strip.fs else 1.0 / mean_rr
    parts = context_parts(CONTEXT_CHANNELS[:channels], mean_rr, has_time=strip.fs is not None)
    start, stop = parts[0].start, parts[0].stop
    samples = strip.r_peaks[index] + np.linspace(start, stop, TRACE_POINTS) / scale * fs
    window = (BEAT_WINDOW_S[0] * scale, BEAT_WINDOW_S[1] * scale)
    of_strip = context_columns(strip)[:, :channels]
    return _Drawn(of_strip[index], of_strip, parts, window, Curve(start, stop, _heights(strip.values, samples)))


def _mean_rr_s(r_s: np.ndarray, index: int, duration_s: float) -> float:
    """Mean RR interval that ``context_columns`` draws this beat with: in a long strip, of the minute around it."""
    if duration_s <= SEGMENT_LONGEST_S:
        return mean_rr_s(r_s)
    start_s, stop_s = min(strip_segments(duration_s), key=lambda segment: abs(sum(segment) / 2 - r_s[index]))
    return mean_rr_s(r_s[(r_s >= start_s) & (r_s < stop_s)])


def _heights(values: np.ndarray, samples: np.ndarray) -> np.ndarray:
    """Values at fractional samples, scaled to 0..1; NaN beyond the ends."""
    heights = np.interp(samples, np.arange(values.size), values, left=np.nan, right=np.nan)
    low, high = np.nanmin(heights), np.nanmax(heights)
    return (heights - low) / max(high - low, 1e-12)


# --- JSON -------------------------------------------------------------------------------------------------------------
def explanation_dict(explained: BeatExplanation) -> dict[str, Any]:
    """Ready for JSON: plain numbers of few digits, None where the trace ends."""
    overall = explained.occlusions[0].part
    return {
        "aami_class": explained.aami_class,
        "probability": round(explained.probability, _DIGITS),
        "unit": overall.unit,
        "trace": _curve(explained.trace),
        "class_map": _curve(explained.class_map),
        "occlusion": [_occlusion(occlusion) for occlusion in explained.occlusions],
        "focus": _focus_dict(explained.focus),
    }


def _curve(curve: Curve) -> dict[str, Any]:
    return {"start": _short(curve.start), "stop": _short(curve.stop), "values": _list(curve.values)}


def _occlusion(occlusion: Occlusion) -> dict[str, Any]:
    part = occlusion.part
    return {
        "part": part.name,
        "unit": part.unit,
        "start": _short(part.start),
        "stop": _short(part.stop),
        "window": _short(part.window),
        "drop": _list(occlusion.drop),
        "whole": _short(occlusion.whole),
    }


def _focus_dict(found: Focus | None) -> dict[str, float] | None:
    if found is None:
        return None
    return {"start": _short(found.start), "stop": _short(found.stop), "drop": _short(found.drop)}


def _list(values: Sequence[float] | np.ndarray) -> list[float | None]:
    return [None if np.isnan(value) else round(float(value), 3) for value in values]


def _short(value: float) -> float:
    return round(value, _DIGITS)
