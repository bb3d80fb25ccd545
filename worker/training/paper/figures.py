"""The figures of Protocol A, as fractions: normal against abnormal, and the eight classes."""

from dataclasses import asdict, dataclass, fields

import numpy as np
from scipy.stats import rankdata

from worker.training.paper.classes import NORMAL, PAPER_SYMBOLS
from worker.training.paper.predictions import BeatAnswers


@dataclass(frozen=True, slots=True)
class PaperFigures:
    """The first five tell abnormal (positive) from normal; the last three are over the eight classes."""

    auc: float
    accuracy: float
    specificity: float
    sensitivity: float
    positive_predictivity: float
    accuracy_8: float
    macro_sensitivity: float
    macro_positive_predictivity: float

    def as_document(self) -> dict[str, float]:
        return asdict(self)


FIGURE_NAMES = tuple(field.name for field in fields(PaperFigures))


def paper_figures(answers: BeatAnswers) -> PaperFigures:
    """All figures of some answers.

    The answer is the class of the highest probability; abnormal is whatever is not answered NOR.  The area under
    the curve orders beats by the sum of the seven abnormal probabilities.
    """
    labels, probabilities = answers.labels, answers.probabilities
    confusion = eight_class_confusion(labels, probabilities.argmax(axis=1))
    hits, annotated, answered = np.diag(confusion), confusion.sum(axis=1), confusion.sum(axis=0)
    abnormal = np.arange(len(PAPER_SYMBOLS)) != NORMAL
    true_positives = confusion[np.ix_(abnormal, abnormal)].sum()
    true_negatives = confusion[NORMAL, NORMAL]
    return PaperFigures(
        auc=area_under_curve(labels != NORMAL, probabilities[:, abnormal].sum(axis=1)),
        accuracy=_ratio(true_positives + true_negatives, confusion.sum()),
        specificity=_ratio(true_negatives, annotated[NORMAL]),
        sensitivity=_ratio(true_positives, annotated[abnormal].sum()),
        positive_predictivity=_ratio(true_positives, answered[abnormal].sum()),
        accuracy_8=_ratio(hits.sum(), confusion.sum()),
        macro_sensitivity=_macro(hits, annotated, annotated),
        macro_positive_predictivity=_macro(hits, answered, annotated),
    )


def eight_class_confusion(labels: np.ndarray, answers: np.ndarray) -> np.ndarray:
    """Rows are the annotated class, columns the answer, shape (8, 8)."""
    size = len(PAPER_SYMBOLS)
    return np.bincount(labels * size + answers, minlength=size * size).reshape(size, size)


def area_under_curve(positive: np.ndarray, scores: np.ndarray) -> float:
    """Probability that a positive scores higher than a negative; ties count one half (Mann-Whitney)."""
    positives, negatives = int(positive.sum()), int((~positive).sum())
    if not positives or not negatives:
        return float("nan")
    rank_sum = rankdata(scores)[positive].sum()
    return float((rank_sum - positives * (positives + 1) / 2) / (positives * negatives))


def _macro(hits: np.ndarray, whole: np.ndarray, annotated: np.ndarray) -> float:
    """Mean over the classes that occur; a class that is never answered counts as 0."""
    occurring = annotated > 0
    return float(np.mean([_ratio(*pair) for pair in zip(hits[occurring], whole[occurring], strict=True)]))


def _ratio(part: float, whole: float) -> float:
    return float(part / whole) if whole else 0.0
