"""On which records a model is measured, and in which rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from worker.training.records import ALL_RECORDS, DS2, PACED_TEST

ProtocolName = Literal["ds2", "ds1-held-out"]
PROTOCOLS: Final[tuple[ProtocolName, ...]] = ("ds2", "ds1-held-out")
ROWS: Final = ("main", "leads", "short", "unknown-lead", "noise", "roundtrip", "paced")
TEST_RECORDS: Final = frozenset(DS2 + PACED_TEST)


@dataclass(frozen=True, slots=True)
class Protocol:
    """``key`` names the figures in a manifest; ``paced`` are records of which Q alone is scored."""

    key: str
    records: tuple[str, ...]
    paced: tuple[str, ...] = ()

    @property
    def opens_the_test(self) -> bool:
        return bool(TEST_RECORDS & {*self.records, *self.paced})


def protocol_named(name: ProtocolName, manifest: Mapping[str, Any]) -> Protocol:
    """A protocol for a model.

    Parameters
    ----------
    name : {"ds2", "ds1-held-out"}
        De Chazal's test patients and the paced test records; or the DS1 records that the model's settings hold out.
    manifest : mapping
        The model's.
    """
    if name == "ds2":
        return Protocol("ds2", DS2, PACED_TEST)
    return Protocol("ds1_held_out", tuple(manifest["config"]["selection"]["held_out_records"]))


def protocol_of_records(listed: str) -> Protocol:
    """A protocol of records listed with commas.

    Raises
    ------
    ValueError
        If one is not in the database.
    """
    records = tuple(name.strip() for name in listed.split(",") if name.strip())
    unknown = [name for name in records if name not in ALL_RECORDS]
    if unknown or not records:
        raise ValueError(f"records: expected names of MIT-BIH records with commas. Received: {listed!r}")
    return Protocol("records", records)
