"""What the worker says about one picture: plain values that cross from numpy to the database."""

from dataclasses import dataclass, field
from typing import Any, Literal

from worker.ecg.annotations import AamiClass

Kind = Literal["beat", "strip", "sheet", "screen", "not_ecg"]
Box = tuple[int, int, int, int]  # x, y, width, height in pixels of the upright picture


@dataclass(frozen=True, slots=True)
class ModelIdentity:
    name: str
    version: str
    sha256: str  # of the .keras file


@dataclass(frozen=True, slots=True)
class BeatResult:
    """One heartbeat.

    ``probabilities`` has all five classes, sums to 1 and is calibrated; ``confidence`` is its largest value.
    ``r_peak_s`` is seconds from the left end of the lead's trace, or None where the picture carries no time.
    """

    index: int
    aami_class: AamiClass
    probabilities: dict[AamiClass, float]
    confidence: float
    unsure: bool
    lead: str | None
    box: Box
    r_peak_s: float | None


@dataclass(frozen=True, slots=True)
class EcgResult:
    """One picture that was read.

    ``rate_bpm`` and ``rr_s`` are None and empty where the picture carries no time.
    ``settings`` records what the reading assumed or found: px_per_mm, speed_mm_s and where it came from, thresholds.
    """

    kind: Kind
    beats: tuple[BeatResult, ...]
    model: ModelIdentity
    width_px: int
    height_px: int
    rate_bpm: float | None = None
    rr_s: tuple[float, ...] = ()
    settings: dict[str, Any] = field(default_factory=dict)
