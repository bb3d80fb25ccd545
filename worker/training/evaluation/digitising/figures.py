"""All pictures of a benchmark, and what they come to."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np

from worker.model.classifier import Classifier
from worker.training.evaluation.digitising.beats import BeatCounts, ClassPair
from worker.training.evaluation.digitising.curves import CurveFigures
from worker.training.evaluation.digitising.detectors import DetectorFigures, detector_figures
from worker.training.evaluation.digitising.drawing import Kind, Recording, Sources, Task, recording_of
from worker.training.evaluation.digitising.measured import Facts, Measured, Named, measure
from worker.training.evaluation.side_by_side import done_side_by_side

LOW_QUANTILE: Final = 0.1


@dataclass(frozen=True, slots=True)
class Row:
    """Figures of one kind at one level.

    All but ``pictures``, ``not_read``, ``seconds`` and ``memory_mb`` are of pictures that were read.  Medians are
    over the rows that they show, found or not; an empty share is NaN.

    Parameters
    ----------
    kind, level : str
    pictures : int
    not_read : dict of str to float
        The share of pictures that ended so, by reason.
    curves : int
        Rows that the read pictures show.
    snr_db, snr_low_db : float
        Median and 10 % quantile.
    r, rmse_mv : float
        Medians.
    beats : BeatCounts
    has_scales, speed_right, gain_right, layout_right : float
        Shares of pictures.
    names : dict of str to float
        Shares of rows.
    strays : int
        Read leads where no row is.
    classes_agree : float
        The share of matched beats whose class from the picture is that from the signal.
    class_beats : int
    seconds, seconds_most : float
        Median and maximum, of one core.
    memory_mb : float or None
        The most of any picture.
    """

    kind: Kind
    level: str
    pictures: int
    not_read: dict[str, float]
    curves: int
    snr_db: float
    snr_low_db: float
    r: float
    rmse_mv: float
    beats: BeatCounts
    has_scales: float
    speed_right: float
    gain_right: float
    layout_right: float
    names: dict[Named, float]
    strays: int
    classes_agree: float
    class_beats: int
    seconds: float
    seconds_most: float
    memory_mb: float | None

    @property
    def refused(self) -> float:
        """The share of pictures that were not read."""
        return sum(self.not_read.values())


@dataclass(frozen=True, slots=True)
class Figures:
    """``detectors`` are by kind of source: MIT-BIH's pieces or LUDB's records."""

    rows: tuple[Row, ...]
    detectors: dict[str, dict[str, DetectorFigures]]


def measured_all(tasks: Sequence[Task], sources: Sources, *, jobs: int) -> list[Measured]:
    """Draw and read all pictures, in order; ``jobs`` processes side by side, each on one core."""
    return done_side_by_side(partial(measure, sources=sources), tasks, jobs)


def figures_of(measured: Sequence[Measured], sources: Sources, classifier: Classifier) -> Figures:
    """What measured pictures come to; ``classifier`` is the context model whose classes are compared."""
    groups = dict.fromkeys((one.task.kind, one.task.level) for one in measured)
    rows = [
        row_of([one for one in measured if (one.task.kind, one.task.level) == group], classifier) for group in groups
    ]
    return Figures(tuple(rows), _detectors([one.task for one in measured], sources))


def row_of(group: Sequence[Measured], classifier: Classifier) -> Row:
    """Figures of pictures of one kind at one level."""
    facts = [one.facts for one in group if one.facts is not None]
    curves = [curve for one in facts for curve in one.curves]
    agree, class_beats = _agreement([pair for one in facts for pair in one.pairs], classifier)
    snr = np.array([curve.snr_db for curve in curves])
    codes = Counter(one.code for one in group if one.code is not None)
    memory = [one.memory_mb for one in group if one.memory_mb is not None]
    return Row(
        kind=group[0].task.kind,
        level=group[0].task.level,
        pictures=len(group),
        not_read={code: count / len(group) for code, count in codes.most_common()},
        curves=len(curves),
        snr_db=float(np.median(snr)) if snr.size else np.nan,
        snr_low_db=float(np.quantile(snr, LOW_QUANTILE)) if snr.size else np.nan,
        r=_median(curves, "r"),
        rmse_mv=_median(curves, "rmse_mv"),
        beats=_summed(one.beats for one in facts),
        has_scales=_share(facts, "has_scales"),
        speed_right=_share(facts, "speed_right"),
        gain_right=_share(facts, "gain_right"),
        layout_right=_share(facts, "layout_right"),
        names=_shares_of_names(facts),
        strays=sum(one.strays for one in facts),
        classes_agree=agree,
        class_beats=class_beats,
        seconds=float(np.median([one.seconds for one in group])),
        seconds_most=max(one.seconds for one in group),
        memory_mb=max(memory) if memory else None,
    )


def _median(curves: Sequence[CurveFigures], name: str) -> float:
    return float(np.median([getattr(curve, name) for curve in curves])) if curves else np.nan


def _share(facts: Sequence[Facts], name: str) -> float:
    return float(np.mean([getattr(one, name) for one in facts])) if facts else np.nan


def _summed(counts: Iterable[BeatCounts]) -> BeatCounts:
    hits = missed = false = 0
    for one in counts:
        hits, missed, false = hits + one.hits, missed + one.missed, false + one.false
    return BeatCounts(hits, missed, false)


def _shares_of_names(facts: Sequence[Facts]) -> dict[Named, float]:
    counted = Counter(name for one in facts for name in one.names)
    return {name: count / counted.total() for name, count in counted.most_common()}


def _agreement(pairs: Sequence[ClassPair], classifier: Classifier) -> tuple[float, int]:
    """The share of matched beats that get the same class from both strips, and their number."""
    read = classifier.classify_strips([pair.read for pair in pairs])
    true = classifier.classify_strips([pair.true for pair in pairs])
    same: list[bool] = []
    for pair, from_picture, from_signal in zip(pairs, read, true, strict=True):
        matched = pair.partner >= 0
        there = from_picture[pair.partner[matched]].argmax(axis=1)
        same += (there == from_signal[matched].argmax(axis=1)).tolist()
    return (float(np.mean(same)) if same else np.nan), len(same)


def _detectors(tasks: Sequence[Task], sources: Sources) -> dict[str, dict[str, DetectorFigures]]:
    """Each signal counts once, at however many levels it was drawn."""
    shown: dict[str, list[Recording]] = {}
    seen: set[tuple[str, int | str]] = set()
    for task in tasks:
        recording = recording_of(task, sources)
        source = "MIT-BIH" if task.kind == "strip" else "LUDB"
        key = (source, task.number if task.kind == "strip" else recording.name)
        if key not in seen:
            seen.add(key)
            shown.setdefault(source, []).append(recording)
    return {source: detector_figures(recordings) for source, recordings in shown.items()}
