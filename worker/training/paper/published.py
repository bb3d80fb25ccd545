"""What Jun et al. 2018 (arXiv 1804.06812) printed."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class PublishedRow:
    """In per cent but for the area under the curve.  ``checked`` is False where a figure is quoted from memory."""

    name: str
    augmented: bool
    auc: float
    accuracy: float
    specificity: float
    sensitivity: float
    positive_predictivity: float
    checked: bool = False


# Accuracy is 0.303 sensitivity + 0.697 specificity in every row, so these are normal against abnormal; the positive
# predictivity does not follow from the others and is probably the mean over the classes.
PUBLISHED: Final = (
    PublishedRow("proposed", True, 0.989, 99.05, 99.57, 97.85, 98.55, checked=True),
    PublishedRow("proposed", False, 0.986, 98.90, 99.64, 97.20, 98.63),
    PublishedRow("AlexNet", True, 0.986, 98.85, 99.68, 97.08, 98.59),
    PublishedRow("AlexNet", False, 0.985, 98.81, 99.68, 96.81, 98.63),
    PublishedRow("VGGNet", True, 0.984, 98.63, 99.37, 96.93, 97.86),
    PublishedRow("VGGNet", False, 0.984, 98.77, 99.43, 97.26, 98.08),
)
