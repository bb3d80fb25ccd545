"""What a fine-tuning is judged by: held-out records, held-out patients, and what is written about both."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from worker.model.calibration import softmax, temperature_fit, unsure_threshold
from worker.model.classifier import Classifier
from worker.model.registry import Manifest
from worker.training.data.bank import Bank
from worker.training.evaluation.metrics import calibration_scores, scores
from worker.training.fitting.selection import Selection
from worker.training.labels.labels import Labels


class Forgotten(ValueError):
    """The fine-tuned network lost too much of what its base knew; nothing is published."""


@dataclass(frozen=True, slots=True, eq=False)
class LabelledLogits:
    """A network's logits ``[n, 5]`` and the beats' labels ``[n]``."""

    logits: np.ndarray
    labels: np.ndarray

    def figures(self) -> dict[str, Any]:
        return scores(self.labels, self.logits.argmax(axis=1))


@dataclass(frozen=True, slots=True, eq=False)
class HeldOut:
    """DS1 records, which the base saw in its first training, and the drawings of patients that nobody trained on.

    The drawings do not say which of them share a strip, so that they are judged without the strip's own share of S.
    """

    ds1: Callable[[Classifier], LabelledLogits]
    labels: Bank | None

    def answers(self, classifier: Classifier) -> dict[str, LabelledLogits]:
        found = {"ds1": self.ds1(classifier)}
        if self.labels is not None:
            logits = classifier.logits(self.labels.columns.astype(np.float32))
            found["labels"] = LabelledLogits(logits, self.labels.labels.astype(np.int64))
        return found


def require_remembered(before: LabelledLogits, after: LabelledLogits, most: float) -> None:
    """Whether a network still knows what it knew.

    Raises
    ------
    Forgotten
        If the mean F1 of N, S and V fell by more than ``most``.
    """
    old, new = before.figures()["macro_f1_nsv"], after.figures()["macro_f1_nsv"]
    if new < old - most:
        raise Forgotten(
            f"Nothing is published: on the held-out DS1 records the mean F1 of N, S and V fell from {old:.3f} to "
            f"{new:.3f}, and at most {most} may be lost. Lower the learning rate or the share of labels, or look at "
            "the labels again."
        )


def selection_strictest(
    answers: Mapping[str, LabelledLogits], manifest: Manifest, log_prior: np.ndarray, *, error: float, least_beats: int
) -> Selection:
    """Temperature and threshold: the strictest of the base's own and of what each held-out part asks for.

    The base saw the held-out DS1 records, so that they may make it less sure, but never surer.

    Parameters
    ----------
    answers : mapping of LabelledLogits
        Of the fine-tuned network, its prior folded in; ``ds1`` is one of them.
    manifest : Manifest
        The base's.
    log_prior : ndarray, shape (5,)
    error : float
        Accepted fraction of wrong answers among the sure ones.
    least_beats : int
        A part with fewer asks for nothing.
    """
    parts = [part for part in answers.values() if len(part.labels) >= least_beats]
    temperature = max([manifest.temperature, *(temperature_fit(part.logits, part.labels) for part in parts)])
    asked = [unsure_threshold(softmax(part.logits / temperature), part.labels, error)[0] for part in parts]
    threshold = max([manifest.threshold, *asked])
    ds1 = answers["ds1"]
    calibration = calibration_scores(ds1.logits, ds1.labels, temperature, threshold)
    return Selection(
        prior_strength=prior_strength(manifest),
        temperature=temperature,
        threshold=threshold,
        sure_share=calibration["sure_share"],
        log_prior=tuple(float(value) for value in log_prior),
        held_out={**ds1.figures(), "calibration": calibration},
        recording_prior=manifest.document.get("recording_prior"),
    )


def prior_strength(manifest: Manifest) -> float:
    return float(manifest.document.get("prior_strength", 0.0))


def provenance(manifest: Manifest, labels: Labels, learned: Labels, held_out: Labels) -> dict[str, Any]:
    """What a candidate's manifest says of its base and its labels."""
    identity = manifest.identity
    packages = {package.manifest["checksum"]: package.manifest for package in labels.packages.values()}
    named = [{key: about[key] for key in ("number", "hospital", "created", "checksum")} for about in packages.values()]
    return {
        "base": {"name": identity.name, "version": identity.version, "sha256": identity.sha256},
        "labels": {
            "packages": sorted(named, key=lambda package: (package["hospital"], package["number"])),
            "trained_on": learned.about(),
            "held_out": held_out.about(),
        },
    }


def compared(before: Mapping[str, LabelledLogits], after: Mapping[str, LabelledLogits]) -> dict[str, Any]:
    """Figures of the base and of the fine-tuned network on each held-out part."""
    kept = ("beats", "accuracy", "macro_f1", "macro_f1_nsv", "per_class")
    figures = {place: {"before": before[place].figures(), "after": after[place].figures()} for place in after}
    return {
        place: {when: {key: part[key] for key in kept} for when, part in both.items()}
        for place, both in figures.items()
    }
