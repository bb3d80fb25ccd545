"""Of which leads, lengths and classes a model's answer may be relied on: those that its card has good figures for."""

from collections.abc import Mapping
from typing import Any, Final

from worker.ecg.annotations import AamiClass
from worker.image.reading import LeadReading

RHYTHM_FROM_S: Final = 6.0  # of one lead: a beat is premature against the rhythm around it
LEAST_MACRO_F1: Final = 0.60  # of N, S and V on the lead's row
_TAUGHT: Final = frozenset({"II", "MLII"})  # the protocol's own rows are of this lead


def trusted_leads(document: Mapping[str, Any]) -> frozenset[str]:
    """The leads whose row of a manifest is good enough."""
    rows = document.get("metrics", {}).get("ds2", {}).get("lead", {})
    return _TAUGHT | {name for name, row in rows.items() if (row.get("macro_f1_nsv") or 0.0) >= LEAST_MACRO_F1}


def is_trusted(aami_class: AamiClass, lead: LeadReading, trusted: frozenset[str]) -> bool:
    """Whether a class said of a beat may stand without "unsure".

    A picture that does not name its lead has a row of its own, "unknown lead"; a time that is not known is no short
    one.
    """
    if lead.lead is not None and lead.lead not in trusted:
        return False
    return aami_class != "S" or lead.seconds is None or lead.seconds >= RHYTHM_FROM_S
