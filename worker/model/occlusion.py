"""What a network loses when a stretch of a beat's time is covered: Zeiler & Fergus 2014, in one dimension."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from worker.ecg.drawing import BEAT_WINDOW_S, BLANK, RHYTHM_WINDOW_RR
from worker.ecg.rhythm_series import BEATS_AFTER, BEATS_BEFORE
from worker.ecg.rr import TACHOGRAM_AFTER, TACHOGRAM_BEFORE

Unit = Literal["s", "rr", "interval", "beat", "fraction"]
Probabilities = Callable[[np.ndarray], np.ndarray]

_SHAPE: Final = ("beat", "median_beat", "difference", "other_beat", "late_beat", "peers_difference")
_LIKENESS: Final = ("shapes", "p_waves", "late_p_waves")
_NO_BEAT: Final = 0.0  # in a series
_SHAPE_WINDOW_S: Final = 0.06
_TIME_WINDOW_S: Final = 0.08
_STEP_S: Final = 0.02
_RHYTHM_WINDOW_RR: Final = 0.25
_CROP_WINDOW: Final = 0.08

# A smaller loss of probability is not worth a sentence.
LEAST_DROP: Final = 0.02


@dataclass(frozen=True, slots=True)
class ChannelAxis:
    """What the columns of one channel stand for: its left and its right edge, in the unit of its part.

    ``blank`` is what stands where nothing is.  A channel in another order than time does not slide: it is covered
    only where its whole part is.
    """

    channel: int
    start: float
    stop: float
    blank: float = BLANK
    slides: bool = True


@dataclass(frozen=True, slots=True)
class Part:
    """Channels that are covered together, and the window that slides along them.

    ``unit`` is ``s`` (seconds from R, negative before it), ``rr`` (mean RR intervals from R, where the picture carries
    no time), ``interval`` (RR intervals by number: 0 ends at the beat), ``beat`` (beats by number: 0 is this one) or
    ``fraction`` (of the crop's width).
    """

    name: str
    unit: Unit
    axes: tuple[ChannelAxis, ...]
    window: float
    step: float

    @property
    def start(self) -> float:
        return min(axis.start for axis in self.axes)

    @property
    def stop(self) -> float:
        return max(axis.stop for axis in self.axes)

    @property
    def cells(self) -> int:
        return round((self.stop - self.start) / self.step)


@dataclass(frozen=True, slots=True, eq=False)
class Occlusion:
    """``drop[k]`` is the mean loss of probability over the windows that cover step ``k`` of the part.

    Positive where the answer rests on it; ``whole`` is the loss when the whole part is covered at once.
    """

    part: Part
    drop: np.ndarray
    whole: float


def crop_parts() -> list[Part]:
    """The one part of a single beat's picture, without a time scale."""
    return [Part("all", "fraction", (ChannelAxis(0, 0.0, 1.0),), _CROP_WINDOW, _CROP_WINDOW / 4)]


def context_parts(channels: Sequence[str], mean_rr_s: float, *, has_time: bool) -> list[Part]:
    """The parts of a beat in its strip.

    ``all`` covers the same time in every channel that shows the trace; then come, each alone, ``beat`` (its shape and
    those that it is compared with), ``rhythm`` (the trace around it), ``intervals`` and ``likeness`` (of the beats
    around to the usual one and to that after pauses).  A channel whose axis is not known is a part of its own name.

    Parameters
    ----------
    channels : sequence of str
        As ``worker.ecg.drawing.CONTEXT_CHANNELS``, as many as the network reads.
    mean_rr_s : float
        Mean RR interval that the drawing of this beat used.
    has_time : bool
        Without a time scale the parts are measured in mean RR intervals.
    """
    unit: Unit = "s" if has_time else "rr"
    scale = 1.0 if has_time else 1.0 / mean_rr_s
    beat = [ChannelAxis(at, *_scaled(BEAT_WINDOW_S, scale)) for at, name in enumerate(channels) if name in _SHAPE]
    rhythm = [
        ChannelAxis(at, *_scaled(RHYTHM_WINDOW_RR, mean_rr_s * scale))
        for at, name in enumerate(channels)
        if name == "rhythm"
    ]
    step = _STEP_S * scale
    parts = [
        Part("all", unit, (*beat, *rhythm), _TIME_WINDOW_S * scale, step),
        Part("beat", unit, tuple(beat), _SHAPE_WINDOW_S * scale, step),
        Part("rhythm", unit, tuple(rhythm), _RHYTHM_WINDOW_RR * mean_rr_s * scale, step * 2),
    ]
    return [part for part in parts if part.axes] + _parts_without_time(channels)


def _parts_without_time(channels: Sequence[str]) -> list[Part]:
    # Interval 0 ends at the beat: it stands in the last of the columns "before".
    tachogram = (0.5 - TACHOGRAM_BEFORE, 0.5 + TACHOGRAM_AFTER)
    series = (-0.5 - BEATS_BEFORE, 0.5 + BEATS_AFTER)
    axes_of_part: dict[str, list[ChannelAxis]] = {"intervals": [], "likeness": []}
    unknown = []
    for at, name in enumerate(channels):
        if name == "tachogram":
            axes_of_part["intervals"].append(ChannelAxis(at, *tachogram))
        elif name == "intervals":
            axes_of_part["intervals"].append(ChannelAxis(at, *series, _NO_BEAT))
        elif name == "interval_profile":
            axes_of_part["intervals"].append(ChannelAxis(at, *series, _NO_BEAT, slides=False))
        elif name in _LIKENESS:
            axes_of_part["likeness"].append(ChannelAxis(at, *series, _NO_BEAT))
        elif name not in (*_SHAPE, "rhythm"):
            unknown.append(Part(name, "fraction", (ChannelAxis(at, 0.0, 1.0),), _CROP_WINDOW, _CROP_WINDOW / 4))
    units: dict[str, Unit] = {"intervals": "interval", "likeness": "beat"}
    known = [Part(name, units[name], tuple(axes), 1.0, 1.0) for name, axes in axes_of_part.items() if axes]
    return known + unknown


def _scaled(window: tuple[float, float], scale: float) -> tuple[float, float]:
    return window[0] * scale, window[1] * scale


def time_occlusion(
    probabilities: Probabilities, columns: np.ndarray, class_index: int, parts: Sequence[Part]
) -> list[Occlusion]:
    """Slide a blank window along a beat's columns and note how much of the class's probability goes.

    Zeiler & Fergus 2014, section 4.2, in one dimension.  A gap in a line is a drawing that the network knows little,
    so a small drop means nothing; training blanks whole channels and strips end somewhere, so it is not unheard of.

    Parameters
    ----------
    probabilities : callable
        Drawings ``[n, channels, columns, 2]`` to probabilities ``[n, n_classes]``.
    columns : ndarray, shape (channels, columns, 2)
    class_index : int
    parts : sequence of Part

    Returns
    -------
    list of Occlusion
        One a part, in order.
    """
    covered = [columns]
    for part in parts:
        covered.append(blanked(columns, part, part.start, part.stop))
        covered += [blanked(columns, part, *window) for window in _windows(part)]
    answers = probabilities(np.stack(covered))[:, class_index]
    drops = iter(answers[0] - answers[1:])
    return [_occlusion(part, drops) for part in parts]


def _occlusion(part: Part, drops: Iterator[float]) -> Occlusion:
    whole = float(next(drops))
    total, count = np.zeros(part.cells), np.zeros(part.cells)
    width = _window_cells(part)
    for first, _ in enumerate(_windows(part)):
        total[first : first + width] += next(drops)
        count[first : first + width] += 1
    return Occlusion(part, total / np.maximum(count, 1), whole)


def _window_cells(part: Part) -> int:
    return max(1, round(part.window / part.step))


def _windows(part: Part) -> list[tuple[float, float]]:
    starts = part.start + part.step * np.arange(part.cells - _window_cells(part) + 1)
    return [(float(start), float(start) + part.step * _window_cells(part)) for start in starts]


def blanked(columns: np.ndarray, part: Part, start: float, stop: float) -> np.ndarray:
    """A copy of one beat's drawing without what lies between two points of a part's axis.

    Parameters
    ----------
    columns : ndarray, shape (channels, columns, 2)
    part : Part
    start, stop : float
        In the part's unit; columns whose middle lies between them are blank.
    """
    covered = columns.copy()
    is_whole = start <= part.start and stop >= part.stop
    for axis in part.axes:
        if not (axis.slides or is_whole):
            continue
        count = columns.shape[1]
        middles = axis.start + (np.arange(count) + 0.5) * (axis.stop - axis.start) / count
        covered[axis.channel, (middles >= start) & (middles < stop)] = axis.blank
    return covered


def focus(occlusion: Occlusion) -> tuple[float, float] | None:
    """The stretch around the largest drop in which the drop is at least half as large.

    Returns
    -------
    tuple of float or None
        Start and stop in the part's unit; None where no stretch costs ``LEAST_DROP``.
    """
    drop = occlusion.drop
    if drop.size == 0 or drop.max() < LEAST_DROP:
        return None
    first = last = int(drop.argmax())
    while first > 0 and drop[first - 1] >= drop.max() / 2:
        first -= 1
    while last < drop.size - 1 and drop[last + 1] >= drop.max() / 2:
        last += 1
    part = occlusion.part
    return part.start + first * part.step, part.start + (last + 1) * part.step
