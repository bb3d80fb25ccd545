"""How many beats of a recording are supraventricular is learned from the recording itself.

A network folds in how often S occurs in its training patients.  A patient in whom one beat in two is S is judged
wrongly by that, and so is one who has none.  Saerens, Latinne and Decaestecker (Neural Computation 14:21-41, 2002)
estimate the shares of the classes from the answers; here the S beats are counted, the log odds move part of the way
towards that share, and the beats are counted again until nothing changes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from worker.ecg.annotations import AAMI_CLASSES
from worker.model.registry import ArtifactError, Fault

S: Final = AAMI_CLASSES.index("S")
_MOST_ROUNDS: Final = 10


@dataclass(frozen=True, slots=True)
class RecordingPrior:
    """What stands for it in a manifest.

    Parameters
    ----------
    share : float
        Of S among the training patients' beats.
    beats : float
        As many beats with that share are counted beside the recording's own.
    part : float
        Of the way between the log odds of the two shares.
    most : float
        Largest move of a logit.
    """

    share: float
    beats: float = 100.0
    part: float = 0.5
    most: float = 1.2

    def move(self, s_beats: int, beats: int) -> float:
        """What is added to the logit of S in a recording with so many S beats among its beats."""
        found = (self.beats * self.share + s_beats) / (self.beats + beats)
        return float(np.clip(self.part * (_log_odds(found) - _log_odds(self.share)), -self.most, self.most))


def recording_prior_of(document: Mapping[str, Any]) -> RecordingPrior | None:
    """What a manifest says of it; None where it says nothing.

    Raises
    ------
    ArtifactError
        If it holds other keys.
    """
    stored = document.get("recording_prior")
    if stored is None:
        return None
    try:
        return RecordingPrior(**stored)
    except TypeError as error:
        raise ArtifactError(
            f"recording_prior: expected share, beats, part, most. Received: {stored!r}", Fault.UNFIT
        ) from error


def s_move(logits: np.ndarray, prior: RecordingPrior | None) -> float:
    """What the answers to all beats of a recording add to each one's logit of S; 0 without a prior.

    Parameters
    ----------
    logits : ndarray, shape (n_beats, 5)
        The training patients' prior folded in.
    prior : RecordingPrior or None
    """
    move, counted = 0.0, -1
    if prior is None:
        return move
    for _ in range(_MOST_ROUNDS):
        s_beats = int((_moved(logits, move).argmax(axis=1) == S).sum())
        if s_beats == counted:
            break
        move, counted = prior.move(s_beats, len(logits)), s_beats
    return move


def recording_adapted(logits: np.ndarray, prior: RecordingPrior | None) -> np.ndarray:
    """Logits ``[n_beats, 5]`` of a recording with its own share of S beats."""
    return _moved(logits, s_move(logits, prior))


def _moved(logits: np.ndarray, move: float) -> np.ndarray:
    moved = logits.copy()
    moved[:, S] += move
    return moved


def _log_odds(share: float) -> float:
    return float(np.log(share) - np.log1p(-share))
