"""What the times between beats say: rate, RR statistics, pauses, variability.  No numpy: web processes import it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean, median, stdev
from typing import Final, Literal

Reason = Literal["not_enough_beats", "no_time_scale", "several_leads"]

RATE_INTERVALS: Final = 4  # lowest and highest rate are means over as many
MIN_FOR_SPREAD: Final = 5  # intervals, or differences of intervals, that a measure of spread needs
NN50_S: Final = 0.05
ROUNDING_S: Final = 1e-9  # 0.85 s - 0.80 s is not more than 50 ms
PAUSES_S: Final = (2.0, 3.0)


@dataclass(frozen=True, slots=True)
class IntervalMeasures:
    """What needs a time scale; None where it cannot be told, for the reason in ``reasons`` under the same name.

    ``rate_bpm`` is the ventricular rate, every beat counted, from the mean RR interval; ``lowest_rate_bpm`` and
    ``highest_rate_bpm`` are the same over the slowest and the fastest four intervals in a row.  Vendors of Holter
    software average over two to eight intervals or over some seconds; there is no standard.

    ``pauses_over_2_s`` and ``pauses_over_3_s`` count RR intervals, those after ectopic beats among them.  Above 3 s
    is the limit of Kusumoto et al., 2018 ACC/AHA/HRS guideline on bradycardia, Circulation 140(8), 2019; 2 s is what
    Holter reports commonly list.

    ``sdnn_ms``, ``rmssd_ms`` and ``pnn50_percent`` are those of the Task Force of the ESC and the NASPE, Circulation
    93(5), 1996, over intervals between two adjacent beats of class N; successive intervals share a beat.  The Task
    Force asks for five minutes; of ten seconds RMSSD is the most and SDNN the least trustworthy (Munoz et al.,
    PLoS ONE 10(9), 2015).  AAMI's class N holds escape and bundle branch block beats besides those of the sinus node.

    ``rr_cv_percent`` is the standard deviation of all RR intervals by their mean.  ``nn_rmssd_percent`` is RMSSD by
    the mean NN interval, the normalised RMSSD of Dash et al., Ann Biomed Eng 37(9), 2009: ectopic beats do not raise
    it, respiration, atrial fibrillation and misplaced R peaks do.
    """

    rate_bpm: float | None
    lowest_rate_bpm: float | None
    highest_rate_bpm: float | None
    rr_mean_s: float | None
    rr_median_s: float | None
    rr_shortest_s: float | None
    rr_longest_s: float | None
    pauses_over_2_s: int | None
    pauses_over_3_s: int | None
    sdnn_ms: float | None
    rmssd_ms: float | None
    pnn50_percent: float | None
    rr_cv_percent: float | None
    nn_rmssd_percent: float | None
    nn_intervals: int
    reasons: dict[str, Reason]


@dataclass(frozen=True, slots=True)
class _Intervals:
    rr: tuple[float, ...]
    nn: tuple[float, ...]
    steps: tuple[float, ...]  # from one NN interval to the next that begins where it ends


def interval_measures(times_s: Sequence[float | None], classes: str) -> IntervalMeasures:
    """Measure the intervals of one trace.

    Parameters
    ----------
    times_s : sequence of float or None, length n_beats
        R peaks in seconds, strictly ascending.  One None is enough for the trace to have no time scale.
    classes : str, length n_beats
        One of N, S, V, F, Q for each beat.

    Returns
    -------
    IntervalMeasures

    Raises
    ------
    ValueError
        Where times do not ascend.
    """
    has_time = None not in times_s
    times = [time for time in times_s if time is not None] if has_time else [float(at) for at in range(len(times_s))]
    found = _intervals(times, classes)
    values: dict[str, float | int | None] = {}
    reasons: dict[str, Reason] = {}
    for name, (which, least, measure) in _MEASURES.items():
        known = len(getattr(found, which)) >= least
        values[name] = measure(found) if known and has_time else None
        if values[name] is None:
            reasons[name] = "no_time_scale" if known else "not_enough_beats"
    return IntervalMeasures(nn_intervals=len(found.nn), reasons=reasons, **values)  # type: ignore[arg-type]


def _intervals(times: Sequence[float], classes: str) -> _Intervals:
    rr = tuple(after - before for before, after in pairwise(times))
    if any(interval <= 0 for interval in rr):
        raise ValueError("R peaks must ascend.")
    normal = [pair == ("N", "N") for pair in pairwise(classes)]
    nn = tuple(interval for interval, is_nn in zip(rr, normal, strict=True) if is_nn)
    steps = tuple(rr[at + 1] - rr[at] for at, both in enumerate(pairwise(normal)) if all(both))
    return _Intervals(rr=rr, nn=nn, steps=steps)


def _rates(found: _Intervals) -> list[float]:
    rr = found.rr
    return [60 / fmean(rr[at : at + RATE_INTERVALS]) for at in range(len(rr) - RATE_INTERVALS + 1)]


def _rmssd(found: _Intervals) -> float:
    return fmean(step * step for step in found.steps) ** 0.5


def _pnn50(found: _Intervals) -> float:
    """Of all NN intervals, as the Task Force says, and not of their differences."""
    return 100 * sum(abs(step) > NN50_S + ROUNDING_S for step in found.steps) / len(found.nn)


def _pauses(found: _Intervals, longer_than_s: float) -> int:
    return sum(interval > longer_than_s + ROUNDING_S for interval in found.rr)


# What is measured over which intervals, and how many of them it needs at least.
_MEASURES: Final[dict[str, tuple[str, int, Callable[[_Intervals], float]]]] = {
    "rate_bpm": ("rr", 1, lambda found: 60 / fmean(found.rr)),
    "lowest_rate_bpm": ("rr", RATE_INTERVALS, lambda found: min(_rates(found))),
    "highest_rate_bpm": ("rr", RATE_INTERVALS, lambda found: max(_rates(found))),
    "rr_mean_s": ("rr", 1, lambda found: fmean(found.rr)),
    "rr_median_s": ("rr", 1, lambda found: median(found.rr)),
    "rr_shortest_s": ("rr", 1, lambda found: min(found.rr)),
    "rr_longest_s": ("rr", 1, lambda found: max(found.rr)),
    "pauses_over_2_s": ("rr", 1, lambda found: _pauses(found, PAUSES_S[0])),
    "pauses_over_3_s": ("rr", 1, lambda found: _pauses(found, PAUSES_S[1])),
    "sdnn_ms": ("nn", MIN_FOR_SPREAD, lambda found: 1000 * stdev(found.nn)),
    "rmssd_ms": ("steps", MIN_FOR_SPREAD, lambda found: 1000 * _rmssd(found)),
    "pnn50_percent": ("steps", MIN_FOR_SPREAD, _pnn50),
    "rr_cv_percent": ("rr", MIN_FOR_SPREAD, lambda found: 100 * stdev(found.rr) / fmean(found.rr)),
    "nn_rmssd_percent": ("steps", MIN_FOR_SPREAD, lambda found: 100 * _rmssd(found) / fmean(found.nn)),
}
