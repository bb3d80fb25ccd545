"""The memory that a process holds, where the system says it (Linux)."""

from functools import cache
from pathlib import Path
from typing import Final

_STATUS: Final = Path("/proc/self/status")
_FORGET_THE_PEAK: Final = Path("/proc/self/clear_refs")


@cache
def start_mb() -> float | None:
    """What was held when this was first asked; None where the system does not say it."""
    try:
        return _held_mb("VmRSS")
    except OSError:
        return None


def peak_reset() -> None:
    """Let the peak begin anew; without it, it is that of all that came before."""
    try:
        _FORGET_THE_PEAK.write_text("5")
    except OSError:
        return


def peak_above_start_mb() -> float | None:
    """The most that was held since ``peak_reset``, above ``start_mb``."""
    start = start_mb()
    return None if start is None else max(0.0, _held_mb("VmHWM") - start)


def _held_mb(entry: str) -> float:
    line = next(line for line in _STATUS.read_text().splitlines() if line.startswith(entry))
    return float(line.split()[1]) / 1024
