"""What the worker says about one picture: plain values that cross from numpy to the database."""

from dataclasses import dataclass, field
from typing import Any, Final, Literal

from worker.ecg.annotations import AAMI_CLASSES, AamiClass
from worker.ecg.rhythm import RhythmMeasures, rhythm_dict, rhythm_measures
from worker.tracing import Tracing

Kind = Literal["beat", "strip", "sheet", "screen", "not_ecg"]
Box = tuple[int, int, int, int]  # x, y, width, height in pixels of the upright picture

MAX_UNSURE_SHARE: Final = 0.30  # of a recording's beats; with more, a person has to read it


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
    ``tracing`` are the curves and where they lie.
    """

    kind: Kind
    beats: tuple[BeatResult, ...]
    model: ModelIdentity
    width_px: int
    height_px: int
    rate_bpm: float | None = None
    rr_s: tuple[float, ...] = ()
    settings: dict[str, Any] = field(default_factory=dict)
    tracing: Tracing | None = None

    @property
    def unsure_count(self) -> int:
        return sum(beat.unsure for beat in self.beats)

    @property
    def rhythm(self) -> RhythmMeasures:
        return rhythm_measures(self.beats, leads=self.settings.get("leads_answering", 1))

    @property
    def reason(self) -> str | None:
        """Why a person has to read it although there is an answer: a code of ``worker.errors.OUTCOME_OF_CODE``."""
        return "too_many_unsure" if self.unsure_count > MAX_UNSURE_SHARE * len(self.beats) else None


def prediction_dict(result: EcgResult) -> dict[str, Any]:
    """The shape that the command line prints and integrators read, ready for JSON."""
    counts = {name: sum(beat.aami_class == name for beat in result.beats) for name in AAMI_CLASSES}
    return {
        "model": {"name": result.model.name, "version": result.model.version},
        "summary": {
            "counts": counts,
            "rate_bpm": result.rate_bpm,
            "unsure": result.unsure_count,
        },
        "rhythm": rhythm_dict(result.rhythm),
        "beats": [_beat_dict(beat) for beat in result.beats],
    }


def _beat_dict(beat: BeatResult) -> dict[str, Any]:
    return {
        "index": beat.index,
        "aami_class": beat.aami_class,
        "probabilities": dict(beat.probabilities),
        "confidence": beat.confidence,
        "unsure": beat.unsure,
        "lead": beat.lead,
        "box": list(beat.box),
        "r_peak_s": beat.r_peak_s,
    }
