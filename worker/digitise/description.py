"""What was read of a picture besides its samples, ready for JSON."""

from typing import Any, Final

from worker.digitise.table import Table
from worker.image.reading import Reading
from worker.tracing import TracedLead, Tracing, tracing_dict

_SAMPLES: Final = ("microvolts", "heights")  # stand in the other files

NOTES: Final = {
    "no_time_scale": "The picture carries no time scale: the table counts samples, and there is no WFDB record.",
    "no_voltage_scale": "The picture carries no voltage: the table has shares of each curve's own height, and there "
    "is no WFDB record.",
    "speed_assumed": "Nothing says the paper's speed; the usual one is assumed.",
    "gain_assumed": "Nothing says how high a millivolt is; the usual height is assumed.",
}


def description_of(reading: Reading, tracing: Tracing, table: Table) -> dict[str, Any]:
    """Scales with their sources, quality, R peaks and the curves' place in the picture.

    Times count from the left end of what the picture shows, as in the table.
    """
    return {
        "kind": reading.kind,
        "layout": reading.layout,
        "quarter_turns": reading.quarter_turns,
        "quality": reading.quality,
        "px_per_mm": {"x": reading.px_per_mm_x, "y": reading.px_per_mm_y},
        "speed": {"mm_s": reading.speed_mm_s, "source": reading.speed_source},
        "seconds_across": reading.seconds_across,
        "gain": {"mm_mv": reading.gain_mm_mv, "source": reading.gain_source},
        "fs": table.fs,
        "notes": [{"code": code, "sentence": NOTES[code]} for code in _notes(reading, table)],
        "leads": [_lead(name, lead) for name, lead in zip(table.names, tracing.leads, strict=True)],
        "tracing": _geometry(tracing),
    }


def _notes(reading: Reading, table: Table) -> list[str]:
    said = {
        "no_time_scale": table.fs is None,
        "no_voltage_scale": not table.has_voltage,
        "speed_assumed": reading.speed_source == "assumed",
        "gain_assumed": reading.gain_source == "assumed",
    }
    return [code for code, holds in said.items() if holds]


def _lead(name: str, lead: TracedLead) -> dict[str, Any]:
    return {
        "name": name,
        "lead": lead.lead,
        "source": lead.source,
        "row": lead.row,
        "column": lead.column,
        "start_s": None if lead.fs is None else lead.start_s,
        "seconds": None if lead.fs is None else round(len(lead.microvolts or lead.heights) / lead.fs, 4),
        "quality": lead.quality,
        "gap_fraction": lead.gap_fraction,
        "answers": lead.answers,
        "r_peaks_s": [None if peak.at_s is None else round(lead.start_s + peak.at_s, 4) for peak in lead.peaks],
    }


def _geometry(tracing: Tracing) -> dict[str, Any]:
    document = tracing_dict(tracing)
    leads = [{key: value for key, value in lead.items() if key not in _SAMPLES} for lead in document["leads"]]
    return {**document, "leads": leads}
