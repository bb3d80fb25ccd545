"""The way of an upload, from end to end: draw a strip, distort it, read it as the worker does, classify what was read.

Two modules share the work, so that the processes that draw and read load no network: ``reread`` and this one.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from worker.ecg.annotations import AAMI_CLASSES
from worker.ecg.beats import Strip
from worker.model.classifier import Classifier
from worker.training.data.matching import MATCH_WITHIN_S, detected_in, matched_beats
from worker.training.evaluation.metrics import scores
from worker.training.evaluation.reread import Cut, Reread, crops_cut, reread_all, strips_cut

ROUND_TRIP_LEVELS: Final = ("clean", "scan", "photo-light", "photo", "photo-hard")
CROP_LEVELS: Final = ("clean", "photo")
UNANSWERED: Final = -1
_Q: Final = AAMI_CLASSES.index("Q")


def round_trip_figures(
    classifier: Classifier,
    data: Path,
    records: Iterable[str],
    levels: Sequence[str] = ROUND_TRIP_LEVELS,
    *,
    every: int = 20,
    seed: int = 0,
    processes: int = 2,
) -> dict[str, Any]:
    """How much of a classifier's figures survives paper, camera and reader.

    Each record is cut into strips of ten seconds; every ``every``-th is taken, from a start drawn for each record, so
    that strips are an even sample in time and not a choice by class.  The same strips are drawn at each level.  A
    strip answers for the beats of its core (``matching.pieces``); annotated and detected beats belong together within
    150 ms.

    Parameters
    ----------
    classifier : Classifier
        Of kind ``"context"``.
    data : Path
    records : iterable of str
    levels : sequence of str
        Names of ``worker/generator/levels.toml``.
    every : int
        One strip of so many is taken.
    seed : int
        The same seed gives the same strips, pictures and figures.
    processes : int
        That draw and read pictures side by side.

    Returns
    -------
    dict
        ``strips``, ``every``, ``seed``; ``oracle`` and ``detected``, the scores of these very beats without a picture,
        at the annotators' and at the detector's R peaks; ``levels`` with, for each level:

        * ``answered_pictures``, the share of pictures that were read, and ``codes``, the shares of those that were
          not, by reason (``read_as_beat``: taken for one beat);
        * ``without_time``, the share of all pictures that were read without a time scale;
        * ``coverage``, the share of beats with an answer;
        * ``answered``, ``scores`` of these beats, and ``oracle_of_answered``, those of the same beats without a
          picture;
        * ``overall``, ``scores`` of all beats, one without an answer being an error of its class and of no other;
        * ``false_beats``, detections that belong to no annotation, per annotated beat, and ``false_classes``.

    Raises
    ------
    ValueError
        If a level is unknown or no strip is left.
    """
    cuts = strips_cut(data, records, every=every, seed=seed)
    labels = np.concatenate([cut.labels for cut in cuts])
    oracle = _without_picture(classifier, cuts, [cut.beats for cut in cuts])
    detected = _without_picture(classifier, cuts, [detected_in(cut.signal, cut.fs) for cut in cuts])
    rows = {}
    for level in levels:
        rereads = reread_all(cuts, level, seed=seed, processes=processes)
        rows[level] = _level_figures(classifier, cuts, rereads, labels, oracle)
    return {
        "strips": len(cuts),
        "every": every,
        "seed": seed,
        "oracle": scores(labels, oracle),
        "detected": _overall(labels, detected),
        "levels": rows,
    }


def crop_round_trip_figures(
    classifier: Classifier,
    data: Path,
    records: Iterable[str],
    levels: Sequence[str] = CROP_LEVELS,
    *,
    every: int = 100,
    seed: int = 0,
    processes: int = 2,
) -> dict[str, Any]:
    """The same for pictures of one beat in the paper's window; ``classifier`` is of kind ``"beat"``.

    Every ``every``-th beat is taken.  A picture that is read as a strip has no answer (``read_as_strip``).  Other
    parameters, errors and figures are those of ``round_trip_figures``.
    """
    cuts = crops_cut(data, records, every=every, seed=seed)
    labels = np.concatenate([cut.labels for cut in cuts])
    oracle = classifier.classify_crops([cut.signal for cut in cuts]).argmax(axis=1)
    rows = {}
    for level in levels:
        rereads = reread_all(cuts, level, seed=seed, processes=processes)
        read = np.array([reread.strip is not None for reread in rereads])
        traces = [reread.strip.values for reread in rereads if reread.strip is not None]
        answers = np.full(len(cuts), UNANSWERED)
        answers[read] = classifier.classify_crops(traces).argmax(axis=1)
        rows[level] = {**_pictures(rereads), **_answers_figures(labels, answers, oracle)}
    return {"beats": len(cuts), "every": every, "seed": seed, "oracle": scores(labels, oracle), "levels": rows}


FIGURES_OF_KIND: Final = {"context": round_trip_figures, "beat": crop_round_trip_figures}


def figures_text(figures: dict[str, Any]) -> str:
    """The figures as a table for people: all beats, and beside them those that were answered."""
    beats, step = figures["oracle"]["beats"], figures["every"]
    lines = [
        f"{beats} beats, every {step}. picture, seed {figures['seed']}",
        f"{'level':<14}{'read':>7}{'beats':>7}{'acc':>8}{'macro F1':>10}"
        f"{'acc*':>9}{'oracle*':>9}{'false':>8}  not read",
        _line("oracle", figures["oracle"]),
    ]
    if "detected" in figures:
        lines.append(_line("detected", figures["detected"]))
    for name, row in figures["levels"].items():
        codes = ", ".join(f"{code} {share:.3f}" for code, share in row["codes"].items())
        read = f"{row['answered_pictures']:>7.3f}{row['coverage']:>7.3f}"
        answered = f"{row['answered']['accuracy']:>9.4f}{row['oracle_of_answered']['accuracy']:>9.4f}"
        false = f"{row.get('false_beats', 0.0):>8.4f}"
        lines.append(_line(name, row["overall"], read) + answered + false + f"  {codes}")
    return "\n".join([*lines, "* of the answered beats alone"])


def _line(name: str, figures: dict[str, Any], read: str = "") -> str:
    return f"{name:<14}{read:>14}{figures['accuracy']:>8.4f}{figures['macro_f1']:>10.4f}"


def _level_figures(
    classifier: Classifier, cuts: Sequence[Cut], rereads: Sequence[Reread], labels: np.ndarray, oracle: np.ndarray
) -> dict[str, Any]:
    strips = [reread.strip for reread in rereads]
    classes = _classes(classifier, strips)
    pairs = zip(cuts, rereads, classes, strict=True)
    answers = [_of_partners(found, reread.partner)[cut.scored] for cut, reread, found in pairs]
    false = Counter(
        int(answer) for reread, found in zip(rereads, classes, strict=True) for answer in found[reread.false]
    )
    return {
        **_pictures(rereads),
        "without_time": sum(strip is not None and strip.fs is None for strip in strips) / len(cuts),
        **_answers_figures(labels, np.concatenate(answers), oracle),
        "false_beats": false.total() / len(labels),
        "false_classes": {name: false[index] for index, name in enumerate(AAMI_CLASSES) if false[index]},
    }


def _without_picture(classifier: Classifier, cuts: Sequence[Cut], r_peaks: Sequence[np.ndarray]) -> np.ndarray:
    """Answers for the scored beats from the signal itself, with these R peaks."""
    classes = _classes(classifier, [Strip(cut.signal, cut.fs, at) for cut, at in zip(cuts, r_peaks, strict=True)])
    answers = []
    for cut, at, found in zip(cuts, r_peaks, classes, strict=True):
        partner = matched_beats(cut.beats, at, MATCH_WITHIN_S * cut.fs)
        answers.append(_of_partners(found, partner)[cut.scored])
    return np.concatenate(answers)


def _classes(classifier: Classifier, strips: Sequence[Strip | None]) -> list[np.ndarray]:
    """The answer for each beat of each strip; none where there is no strip."""
    present = [strip for strip in strips if strip is not None]
    found = iter(classifier.classify_strips(present))
    return [np.empty(0, int) if strip is None else next(found).argmax(axis=1) for strip in strips]


def _of_partners(classes: np.ndarray, partner: np.ndarray) -> np.ndarray:
    answers = np.full(partner.size, UNANSWERED)
    answers[partner >= 0] = classes[partner[partner >= 0]]
    return answers


def _pictures(rereads: Sequence[Reread]) -> dict[str, Any]:
    codes = Counter(reread.code for reread in rereads)
    read = codes.pop(None, 0)
    return {
        "answered_pictures": read / len(rereads),
        "codes": {str(code): count / len(rereads) for code, count in codes.most_common()},
    }


def _answers_figures(labels: np.ndarray, answers: np.ndarray, oracle: np.ndarray) -> dict[str, Any]:
    answered = answers != UNANSWERED
    return {
        "coverage": float(answered.mean()),
        "answered": scores(labels[answered], answers[answered]),
        "oracle_of_answered": scores(labels[answered], oracle[answered]),
        "overall": _overall(labels, answers),
    }


def _overall(labels: np.ndarray, answers: np.ndarray) -> dict[str, Any]:
    """Scores of all beats.  A beat without an answer stands as Q, which no scored class is: an error of its own class
    that lowers no other's positive predictivity.
    """
    return scores(labels, np.where(answers == UNANSWERED, _Q, answers))
