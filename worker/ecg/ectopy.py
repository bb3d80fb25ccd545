"""Ectopic beats and what they form: couplets, runs, bigeminy, trigeminy.  No numpy: web processes import it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from worker.ecg.intervals import Reason

EpisodeKind = Literal["couplet", "run", "bigeminy", "trigeminy"]
EctopicClass = Literal["S", "V"]

COUPLET_BEATS: Final = 2
RUN_BEATS: Final = 3
CYCLES: Final = 3
PERIODS: Final[dict[EpisodeKind, int]] = {"bigeminy": 2, "trigeminy": 3}
MIN_FOR_BURDEN: Final = 5  # beats; of fewer, one beat would be a quarter or more
FAST_RUN_BPM: Final = 100.0
IN_A_ROW: Final = ("couplets", "triplets", "runs", "bigeminy", "trigeminy", "longest_run", "fastest_run")

LEAST_BEATS: Final = {
    "burden_percent": MIN_FOR_BURDEN,
    "couplets": COUPLET_BEATS,
    "triplets": RUN_BEATS,
    "runs": RUN_BEATS,
    "bigeminy": CYCLES * PERIODS["bigeminy"],
    "trigeminy": CYCLES * PERIODS["trigeminy"],
}


@dataclass(frozen=True, slots=True)
class Episode:
    """Some beats in a row.

    ``rate_bpm`` and ``seconds`` are from its first R peak to its last, None without a time scale; ``cut`` means that
    it begins with the first beat of the trace or ends with the last, so that it may be longer.
    """

    kind: EpisodeKind
    aami_class: EctopicClass
    first: int  # index of its first beat
    beats: int
    unsure: int
    seconds: float | None
    cut: bool

    @property
    def rate_bpm(self) -> float | None:
        return None if self.seconds is None else 60 * (self.beats - 1) / self.seconds

    @property
    def over_100_bpm(self) -> bool | None:
        """Above 100 /min a run has the rate of a tachycardia; up to there a ventricular one that of an accelerated
        idioventricular rhythm (Al-Khatib et al., 2017 AHA/ACC/HRS guideline, Circulation 138(13), 2018; Page et al.,
        2015 ACC/AHA/HRS guideline, Circulation 133(14), 2016).  Only the rate is told; the name is a physician's.
        """
        return None if self.rate_bpm is None else round(self.rate_bpm, 1) > FAST_RUN_BPM


@dataclass(frozen=True, slots=True)
class Ectopy:
    """The ectopic beats of one class; numbers are None where the trace has too few beats to hold such a thing.

    ``burden_percent`` is of all beats.  As in ANSI/AAMI EC57, a couplet is two in a row, between beats of other
    classes, and three or more are a run; a triplet is a run of three and counted as a run, too.  Fusion and
    unclassifiable beats belong to no run and end one.
    """

    aami_class: EctopicClass
    beats: int
    unsure: int
    burden_percent: float | None
    couplets: int | None
    triplets: int | None
    runs: int | None
    bigeminy: int | None
    trigeminy: int | None
    episodes: tuple[Episode, ...]

    @property
    def unsure_episodes(self) -> int:
        """How many of them rest on a beat that is unsure."""
        return sum(episode.unsure > 0 for episode in self.episodes)

    @property
    def longest_run(self) -> Episode | None:
        """The first of the longest."""
        return max(self._runs, key=lambda run: run.beats, default=None)

    @property
    def fastest_run(self) -> Episode | None:
        return max((run for run in self._runs if run.rate_bpm), key=lambda run: run.rate_bpm or 0.0, default=None)

    @property
    def _runs(self) -> list[Episode]:
        return [episode for episode in self.episodes if episode.kind == "run"]


def ectopy_of(
    aami_class: EctopicClass, classes: str, unsure: Sequence[bool], times_s: Sequence[float] | None
) -> Ectopy:
    """Count the ectopic beats of one class in one trace, and what they form.

    Bigeminy is one ectopic beat and one of class N in turn, trigeminy one and two, over three whole cycles or more in
    whatever phase: from six and nine beats on.  Three in a row is the custom of Holter reports; no standard has it.

    Parameters
    ----------
    aami_class : {"S", "V"}
    classes : str, length n_beats
        One of N, S, V, F, Q for each beat.
    unsure : sequence of bool, length n_beats
    times_s : sequence of float, length n_beats, or None
        R peaks in seconds, ascending; None without a time scale.

    Returns
    -------
    Ectopy
        Episodes in the order in which they begin.
    """
    found = [
        _episode(kind, aami_class, span, unsure, times_s)
        for kind, span in (*_in_a_row(aami_class, classes), *_in_turn(aami_class, classes))
    ]
    episodes = tuple(sorted(found, key=lambda episode: episode.first))
    count, lengths = classes.count(aami_class), [e.beats for e in episodes if e.kind == "run"]
    numbers = {
        "burden_percent": 100 * count / len(classes) if classes else None,
        "couplets": _count(episodes, "couplet"),
        "triplets": lengths.count(RUN_BEATS),
        "runs": len(lengths),
        "bigeminy": _count(episodes, "bigeminy"),
        "trigeminy": _count(episodes, "trigeminy"),
    }
    known = {name: None if name in too_few_beats(len(classes)) else number for name, number in numbers.items()}
    unsure_count = sum(is_unsure for is_unsure, letter in zip(unsure, classes, strict=True) if letter == aami_class)
    return Ectopy(aami_class=aami_class, beats=count, unsure=unsure_count, episodes=episodes, **known)  # type: ignore[arg-type]


def too_few_beats(n_beats: int) -> dict[str, Reason]:
    """The numbers that a trace of so many beats cannot have."""
    return {name: "not_enough_beats" for name, least in LEAST_BEATS.items() if n_beats < least}


def without_episodes(ectopy: Ectopy) -> Ectopy:
    """Where nobody knows which beat follows which."""
    return replace(ectopy, episodes=(), couplets=None, triplets=None, runs=None, bigeminy=None, trigeminy=None)


def _in_a_row(aami_class: str, classes: str) -> Iterator[tuple[EpisodeKind, tuple[int, int]]]:
    for found in re.finditer(f"{aami_class}{{{COUPLET_BEATS},}}", classes):
        yield "couplet" if len(found.group()) == COUPLET_BEATS else "run", found.span()


def _in_turn(aami_class: str, classes: str) -> Iterator[tuple[EpisodeKind, tuple[int, int]]]:
    for kind, period in PERIODS.items():
        between = period - 1
        pattern = f"N{{0,{between}}}(?:{aami_class}N{{{between}}})*{aami_class}N{{0,{between}}}"
        for found in re.finditer(pattern, classes):
            if len(found.group()) >= CYCLES * period:
                yield kind, found.span()


def _episode(
    kind: EpisodeKind,
    aami_class: EctopicClass,
    span: tuple[int, int],
    unsure: Sequence[bool],
    times_s: Sequence[float] | None,
) -> Episode:
    first, end = span
    return Episode(
        kind=kind,
        aami_class=aami_class,
        first=first,
        beats=end - first,
        unsure=sum(unsure[first:end]),
        seconds=None if times_s is None else times_s[end - 1] - times_s[first],
        cut=first == 0 or end == len(unsure),
    )


def _count(episodes: Sequence[Episode], kind: EpisodeKind) -> int:
    return sum(episode.kind == kind for episode in episodes)
