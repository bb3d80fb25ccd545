"""What machines print around the curves: measurements and numbers that are made up, speed and gain that are true."""

from typing import Final

import numpy as np

_SPEEDS: Final = (
    "{0:g} mm/s", "{0:g}mm/s", "{0:g} mm/sec", "Speed: {0:g} mm/sec", "{0:g}mm/sec", "{0:.1f} mm/s", "Vel.: {0:g}mm/s",
    "[{0:g}mm/s]", "Paper speed {0:g} mm/s",
)  # fmt: skip
_GAINS: Final = (
    "{0:g} mm/mV",
    "{0:g}mm/mV",
    "Gain: {0:g} mm/mV",
    "Limb: {0:g} mm/mV  Chest: {0:g} mm/mV",
    "{0:.1f} mm/mV",
    "{0:.1f}mm/mV",
    "Sens.: {0:g}mm/mV",
    "[{0:g}mm/mV]",
)
_BETWEEN: Final = ("   ", "   ", " ", ", ", " / ")
_FILTERS: Final = ("0.05-150 Hz", "0.05-40Hz", "F 60~ 0.15-100 Hz", "0.67~100Hz AC50", "40Hz", "0.5-35 Hz  50~", "")
_SAID: Final = (
    "Unconfirmed report", "Report confirmed by:", "Technician:", "Room:", "Ward 4", "Resting ECG", "12-lead ECG",
    "Name:", "Age:      Sex:", "Blood pressure:      mmHg", "*** Unconfirmed ***", "Ref. by:", "Sequence: simultaneous",
)  # fmt: skip


def scale_words(speed_mm_s: float, gain_mm_mv: float, rng: np.random.Generator) -> str:
    """Speed and gain, as a machine writes them."""
    words = [str(rng.choice(_SPEEDS)).format(speed_mm_s), str(rng.choice(_GAINS)).format(gain_mm_mv)]
    if said := str(rng.choice(_FILTERS)):
        words.append(said)
    return str(rng.choice(_BETWEEN)).join(words)


def footer_words(speed_mm_s: float, gain_mm_mv: float, rng: np.random.Generator) -> str:
    version = f"V{rng.integers(1, 9)}.{rng.integers(0, 99):02d}  SN {_digits(6, rng)}"
    return "   ".join([scale_words(speed_mm_s, gain_mm_mv, rng), str(rng.choice(["", version, "Page 1 of 1"]))]).strip()


def header_blocks(rng: np.random.Generator) -> list[list[str]]:
    """One to three blocks of lines, to stand beside each other."""
    blocks = [_identity(rng), _measurements(rng), [str(said) for said in rng.choice(_SAID, size=3, replace=False)]]
    return blocks[: int(rng.integers(1, len(blocks) + 1))]


def screen_numbers(rng: np.random.Generator) -> list[str]:
    """Readouts of a monitor: rate, saturation, pressure."""
    high = int(rng.integers(95, 160))
    numbers = [str(rng.integers(45, 140)), str(rng.integers(88, 100)), f"{high}/{high - int(rng.integers(30, 60))}"]
    return numbers[: int(rng.integers(1, len(numbers) + 1))]


def _identity(rng: np.random.Generator) -> list[str]:
    day = f"{rng.integers(1, 29):02d}.{rng.integers(1, 13):02d}.20{rng.integers(10, 40)}"
    time = f"{rng.integers(0, 24):02d}:{rng.integers(0, 60):02d}:{rng.integers(0, 60):02d}"
    return [f"ID: {_digits(int(rng.integers(4, 10)), rng)}", f"{day}  {time}", f"No. {_digits(5, rng)}"]


def _measurements(rng: np.random.Generator) -> list[str]:
    rate, qt = int(rng.integers(45, 130)), int(rng.integers(320, 460))
    said = [
        f"HR {rate} bpm",
        f"PR {rng.integers(110, 220)} ms",
        f"QRS {rng.integers(70, 140)} ms",
        f"QT/QTc {qt}/{qt + int(rng.integers(-10, 60))} ms",
        f"P-R-T axes {rng.integers(-20, 80)} {rng.integers(-60, 100)} {rng.integers(-40, 120)}",
    ]
    return ["  ".join(said[:2]), "  ".join(said[2:4])] if rng.random() < 0.3 else said


def _digits(count: int, rng: np.random.Generator) -> str:
    return "".join(str(digit) for digit in rng.integers(0, 10, count))
