"""The rhythm of a recording in a few lines for a terminal."""

from collections.abc import Iterator
from typing import Any, Final

_REASONS: Final = {
    "not_enough_beats": "not enough beats",
    "no_time_scale": "no time scale",
    "several_leads": "not told across leads",
}
_CLASSES: Final = ("ventricular", "supraventricular")


def rhythm_lines(rhythm: dict[str, Any]) -> list[str]:
    """Rate, variability and ectopic beats.

    Parameters
    ----------
    rhythm : dict
        From ``worker.ecg.rhythm.rhythm_dict``.
    """
    return [
        f"  rate: {_rate(rhythm)}",
        f"  variability: {_variability(rhythm)}",
        *(
            f"  {name}: {', '.join(_ectopy(rhythm[name], rhythm['beats']))}"
            for name in _CLASSES
            if rhythm[name]["beats"]
        ),
    ]


def _rate(rhythm: dict[str, Any]) -> str:
    if rhythm["rate_bpm"] is None:
        return _REASONS[rhythm["reasons"]["rate_bpm"]]
    extremes = ""
    if rhythm["lowest_rate_bpm"] is not None:
        extremes = f" ({rhythm['lowest_rate_bpm']:.0f} to {rhythm['highest_rate_bpm']:.0f} over 4 intervals)"
    return (
        f"{rhythm['rate_bpm']:.0f} bpm{extremes}, RR {rhythm['rr_shortest_s']:.2f} to {rhythm['rr_longest_s']:.2f} s, "
        f"{rhythm['pauses_over_2_s']} over 2 s"
    )


def _variability(rhythm: dict[str, Any]) -> str:
    if rhythm["sdnn_ms"] is None:
        return _REASONS[rhythm["reasons"]["sdnn_ms"]]
    steps = (
        ""
        if rhythm["rmssd_ms"] is None
        else f", RMSSD {rhythm['rmssd_ms']:.0f} ms, pNN50 {rhythm['pnn50_percent']:.0f} %"
    )
    return f"SDNN {rhythm['sdnn_ms']:.0f} ms{steps} ({rhythm['nn_intervals']} normal intervals)"


def _ectopy(ectopy: dict[str, Any], all_beats: int) -> Iterator[str]:
    share = "" if ectopy["burden_percent"] is None else f" ({ectopy['burden_percent']:.1f} %)"
    yield f"{ectopy['beats']} of {all_beats} beats{share}"
    for episode in ectopy["episodes"]:
        rate = "" if episode["rate_bpm"] is None else f" at {episode['rate_bpm']:.0f} bpm"
        unsure = ", unsure" if episode["unsure"] else ""
        beats = "" if episode["kind"] == "couplet" else f" of {episode['beats']} beats"
        yield f"{episode['kind']}{beats}{rate} from beat {episode['first_beat'] + 1}{unsure}"
