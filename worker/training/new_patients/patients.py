"""Which patients a fit learns from, which it is asked about, and what each may teach."""

from dataclasses import dataclass

import numpy as np

from worker.ecg.annotations import AAMI_CLASSES
from worker.training.evaluation.protocols import ProtocolName
from worker.training.paper.beats import Beats
from worker.training.records import DS1, DS2, PACED_TRAINING

UNKNOWN = AAMI_CLASSES.index("Q")


@dataclass(frozen=True, slots=True)
class Patients:
    """Records, in two parts without a common one."""

    training: tuple[str, ...]
    asked: tuple[str, ...]


def patients_of(protocol: ProtocolName, held_out: tuple[str, ...]) -> Patients:
    """The records of a fit.

    Parameters
    ----------
    protocol : {"ds2", "ds1-held-out"}
        All of DS1 teaches and DS2 is asked about, or what is held out of DS1.  The paced training records teach in
        both.
    held_out : tuple of str
        Records of DS1.
    """
    if protocol == "ds2":
        return Patients(DS1 + PACED_TRAINING, DS2)
    return Patients(tuple(name for name in DS1 if name not in held_out) + PACED_TRAINING, held_out)


def beats_taught(beats: Beats) -> np.ndarray:
    """Positions of the beats that are learnt from.

    As for our networks, paced records teach Q alone and the others N S V F.
    """
    return np.flatnonzero(np.isin(beats.records, PACED_TRAINING) == (beats.labels == UNKNOWN))
