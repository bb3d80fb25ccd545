"""How well pictures that are no ECG are told from ECG pictures: the ends of both, and what that means in figures."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
from tqdm import tqdm

from worker.errors import EcgError, Outcome
from worker.image.decode import Picture
from worker.image.read import read_picture
from worker.model.outliers import auroc
from worker.training.pictures.ecg_pictures import ecg_pictures
from worker.training.pictures.outliers import Half, outlier_pictures

End = Literal["refused", "needs_person", "read"]
# How much of an ECG the gate takes a picture for.
_RANK: Final[dict[End, int]] = {"refused": 0, "needs_person": 1, "read": 2}


@dataclass(frozen=True, slots=True)
class Gated:
    """One picture's end: what it shows (a family of outliers, or a style of ECG), its end, and the code or kind."""

    shows: str
    end: End
    detail: str


def picture_gated(shows: str, pixels: np.ndarray) -> Gated:
    try:
        return Gated(shows, "read", read_picture(Picture(pixels)).kind)
    except EcgError as error:
        return Gated(shows, "refused" if error.outcome is Outcome.REFUSED else "needs_person", error.code)


def gate_figures(data: Path, half: Half, *, each_family: int, each_style: int) -> dict[str, Any]:
    """Shares of ends, error rates and AUROC, as fractions.

    Parameters
    ----------
    data : Path
        Folder of the MIT-BIH records.
    half : {"tuning", "report"}
        Families and patients that thresholds were chosen on, or the others.
    each_family, each_style : int
        Pictures of each family of outliers, and of each record and style of ECG.
    """
    made = outlier_pictures(half, each_family)
    outliers = [picture_gated(family, pixels) for family, _, pixels in tqdm(made, desc="no ECG", unit="picture")]
    drawn = ecg_pictures(data, half, each_style)
    ecgs = [picture_gated(style, pixels) for _, style, pixels in tqdm(drawn, desc="ECG", unit="picture")]
    return gated_figures(outliers, ecgs)


def gated_figures(outliers: list[Gated], ecgs: list[Gated]) -> dict[str, Any]:
    ranks = {name: np.array([_RANK[g.end] for g in group]) for name, group in (("no", outliers), ("yes", ecgs))}
    return {
        "auroc": auroc(ranks["no"], ranks["yes"]),
        "false_alarm_rate": _share(ecgs, "refused"),
        "to_a_person_rate": _share(ecgs, "needs_person"),
        "miss_rate": _share(outliers, "read"),
        "outliers": {"pictures": len(outliers), "families": len({g.shows for g in outliers}), **_ends(outliers)},
        "ecgs": {"pictures": len(ecgs), **_ends(ecgs), "by_style": _by_shows(ecgs)},
        "missed_families": {name: ends["read"] for name, ends in _by_shows(outliers).items() if ends["read"]},
    }


def _share(group: list[Gated], end: End) -> float:
    return sum(gated.end == end for gated in group) / max(1, len(group))


def _ends(group: Iterable[Gated]) -> dict[str, int]:
    counted = Counter(gated.end for gated in group)
    return {end: counted[end] for end in _RANK}


def _by_shows(group: list[Gated]) -> dict[str, dict[str, int]]:
    groups: defaultdict[str, list[Gated]] = defaultdict(list)
    for gated in group:
        groups[gated.shows].append(gated)
    return {name: _ends(groups[name]) for name in sorted(groups)}
