"""The rhythm of one trace, measured from its beats alone.  No numpy: web processes import it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol

from worker.ecg.annotations import AAMI_CLASSES
from worker.ecg.ectopy import IN_A_ROW, Ectopy, Episode, ectopy_of, too_few_beats, without_episodes
from worker.ecg.intervals import IntervalMeasures, Reason, interval_measures

_SEVERAL: Final[Reason] = "several_leads"
_DIGITS: Final = {"_bpm": 1, "_s": 4, "_ms": 1, "_percent": 1}


class RhythmBeat(Protocol):
    """What is asked of a beat: the worker's, the database's and a reader's have it."""

    @property
    def aami_class(self) -> str: ...
    @property
    def r_peak_s(self) -> float | None: ...
    @property
    def unsure(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class LabelledBeat:
    """A beat as somebody else labels it."""

    aami_class: str
    r_peak_s: float | None
    unsure: bool


@dataclass(frozen=True, slots=True)
class RhythmMeasures:
    """Numbers with the names that they have in Holter reports, and no diagnosis.

    ``seconds`` is from the first R peak to the last.  Whatever could not be measured is None, for the reason that
    ``reasons`` has under its name; a longest or fastest run that is None without a reason did not occur.
    """

    beats: int
    unsure: int
    fusion_beats: int
    unclassified_beats: int
    seconds: float | None
    intervals: IntervalMeasures
    supraventricular: Ectopy
    ventricular: Ectopy
    leads: int = 1

    @property
    def reasons(self) -> dict[str, Reason]:
        reasons = {**self.intervals.reasons, **too_few_beats(self.beats)}
        in_a_row = (*IN_A_ROW, *self.intervals.reasons) if self.leads > 1 else ()
        return reasons | dict.fromkeys(in_a_row, _SEVERAL)


def rhythm_measures(beats: Sequence[RhythmBeat], *, leads: int = 1) -> RhythmMeasures:
    """Measure the rhythm of one trace, or count the beats of several that follow one another.

    Parameters
    ----------
    beats : sequence of RhythmBeat, length n_beats
        All beats in the order of the trace.  Where one of them has no time, the trace has none.
    leads : int
        How many leads they come from, one after the other: of several nothing is told that takes beats in a row, since
        a beat may be missing, or told twice, where one lead ends and the next begins.

    Returns
    -------
    RhythmMeasures

    Raises
    ------
    ValueError
        Where a class is not one of AAMI's five, or times do not ascend.
    """
    classes = "".join(beat.aami_class for beat in beats)
    if len(classes) != len(beats) or not set(classes) <= set(AAMI_CLASSES):
        raise ValueError(f"expected one of {', '.join(AAMI_CLASSES)} for each beat. Received: {classes}")
    unsure = [beat.unsure for beat in beats]
    told_s = [beat.r_peak_s if leads == 1 else None for beat in beats]
    intervals = interval_measures(told_s, classes)
    times = [time for time in told_s if time is not None]
    known = times if len(times) == len(beats) else None
    supraventricular = ectopy_of("S", classes, unsure, known)
    ventricular = ectopy_of("V", classes, unsure, known)
    if leads > 1:
        intervals = replace(intervals, nn_intervals=0)
        supraventricular, ventricular = without_episodes(supraventricular), without_episodes(ventricular)
    return RhythmMeasures(
        beats=len(beats),
        unsure=sum(unsure),
        fusion_beats=classes.count("F"),
        unclassified_beats=classes.count("Q"),
        seconds=known[-1] - known[0] if known and len(known) > 1 else None,
        intervals=intervals,
        supraventricular=supraventricular,
        ventricular=ventricular,
        leads=leads,
    )


def rhythm_dict(measures: RhythmMeasures) -> dict[str, Any]:
    """Ready for JSON, rounded: rates, milliseconds and percent to one digit, seconds to four."""
    timed = {
        name: _rounded(name, getattr(measures.intervals, name))
        for name in IntervalMeasures.__dataclass_fields__
        if name != "reasons"
    }
    return {
        "beats": measures.beats,
        "unsure": measures.unsure,
        "seconds": _rounded("_s", measures.seconds),
        **timed,
        "fusion_beats": measures.fusion_beats,
        "unclassified_beats": measures.unclassified_beats,
        "supraventricular": _ectopy_dict(measures.supraventricular),
        "ventricular": _ectopy_dict(measures.ventricular),
        "reasons": dict(measures.reasons),
    }


def _ectopy_dict(ectopy: Ectopy) -> dict[str, Any]:
    numbers = ("beats", "unsure", "burden_percent", "couplets", "triplets", "runs", "bigeminy", "trigeminy")
    return {
        **{name: _rounded(name, getattr(ectopy, name)) for name in (*numbers, "unsure_episodes")},
        "longest_run": _episode_dict(ectopy.longest_run),
        "fastest_run": _episode_dict(ectopy.fastest_run),
        "episodes": [_episode_dict(episode) for episode in ectopy.episodes],
    }


def _episode_dict(episode: Episode | None) -> dict[str, Any] | None:
    if episode is None:
        return None
    return {
        "kind": episode.kind,
        "first_beat": episode.first,
        "beats": episode.beats,
        "unsure": episode.unsure,
        "seconds": _rounded("_s", episode.seconds),
        "rate_bpm": _rounded("_bpm", episode.rate_bpm),
        "over_100_bpm": episode.over_100_bpm,
        "cut": episode.cut,
    }


def _rounded(name: str, value: float | int | None) -> float | int | None:
    digits = next((digits for ending, digits in _DIGITS.items() if name.endswith(ending)), None)
    return value if digits is None or not isinstance(value, float) else round(value, digits)
