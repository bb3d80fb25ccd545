"""What may go wrong when a picture is taken, each at three strengths: what the generator's camera does of it."""

from dataclasses import dataclass, replace
from typing import Final, Literal

from worker.generator.levels import Level, Range, level_named

Fault = Literal[
    "none", "blurred", "shaken", "too_dark", "shade", "glare", "cut_off", "several_pages", "low_resolution",
    "written_over", "pale", "curled", "tilted", "noisy", "hurried",
]  # fmt: skip
STRENGTHS: Final = (1, 2, 3)
_BASES: Final = ("photo-light", "photo")

# The reason that is true of a picture with this fault; what is not here has no name of its own.
REASON_OF_FAULT: Final[dict[Fault, str]] = {
    "blurred": "blurred",
    "shaken": "blurred",
    "too_dark": "too_dark",
    "shade": "too_dark",
    "glare": "glare",
    "cut_off": "cut_off",
    "several_pages": "several_pages",
}
FAULTS: Final[tuple[Fault, ...]] = (
    "none", *REASON_OF_FAULT, "low_resolution", "written_over", "pale", "curled", "tilted", "noisy", "hurried",
)  # fmt: skip
PLAIN_FAULTS: Final[frozenset[Fault]] = frozenset({"none", "hurried"})  # that have one strength


@dataclass(frozen=True, slots=True)
class Case:
    """One fault at one strength, 1 to 3."""

    fault: Fault
    strength: int


def level_of_case(case: Case, number: int) -> Level:
    """The level that a picture is drawn from, before what is done to its pixels."""
    if case.fault == "hurried":
        return level_named("photo-hard")
    base = level_named(_BASES[number % len(_BASES)])
    at = case.strength - 1
    match case.fault:
        case "blurred":
            return _blurred(base, (2.0, 3.2, 5.0)[at])
        case "shaken":
            return replace(base, shake_px=_about((7.0, 12.0, 20.0)[at]))
        case "too_dark":
            return _dark(base, (0.30, 0.15, 0.07)[at])
        case "shade":
            return replace(base, shadow=1.0, shadow_depth=_about((0.7, 0.85, 0.95)[at], 0.03))
        case "low_resolution":
            return _coarse(base, (2.2, 1.6, 1.2)[at])
        case "several_pages":
            return replace(base, table=1.0, table_mm=(3.0, 8.0), sheet_table=1.0, sheet_table_mm=(3.0, 8.0), cut=0.0)
        case "pale":
            thin = _about((0.16, 0.12, 0.08)[at])
            return replace(base, fade=_about((0.6, 0.75, 0.9)[at], 0.05), inks=("gray",), line_mm=thin)
        case "curled":
            return replace(base, curl_mm=_about((6.0, 10.0, 15.0)[at]), bend_mm=_about((5.0, 8.0, 12.0)[at]))
        case "tilted":
            tilt = (0.3, 0.45, 0.6)[at]
            return replace(base, sheet_tilt=(-tilt, tilt), tilt=(-tilt / 3, tilt / 3))
        case "noisy":
            return _noisy(base, (12.0, 20.0, 35.0)[at])
    return base


def _about(value: float, share: float = 0.15) -> Range:
    return (1 - share) * value, (1 + share) * value


def _blurred(level: Level, sigma_px: float) -> Level:
    return replace(level, blur_px=_about(sigma_px), sheet_blur_px=_about(sigma_px))


def _dark(level: Level, tone: float) -> Level:
    dark = replace(level, paper_tone=_about(tone), sheet_paper_tone=_about(tone), glare=0.0)
    return _noisy(dark, 5.0)  # a sensor with little light


def _noisy(level: Level, sigma: float) -> Level:
    return replace(level, noise=_about(sigma), sheet_noise=_about(sigma))


def _coarse(level: Level, px_per_mm: float) -> Level:
    return replace(level, px_per_mm=_about(px_per_mm), sheet_px_per_mm=_about(px_per_mm))
