"""The figures of ``failure-reasons`` as a page shows them."""

from collections.abc import Sequence
from typing import Final

from worker.training.evaluation.digitising.table import table
from worker.training.evaluation.faults.figures import (
    REASONS,
    Ended,
    FaultRow,
    ReasonRow,
    fault_rows,
    reason_rows,
    wrong_share,
)

BEGIN: Final = "<!-- reasons: begin, written by failure-reasons -->"
END: Final = "<!-- reasons: end -->"
_REASONS: Final = ("reason", "not read, with its fault", "named", "not read, with another fault", "named wrongly")
_FAULTS: Final = ("fault", "pictures", "read", "reasons of the others")


def tables(ends: Sequence[Ended], about: str) -> str:
    """Markdown; ``about`` says how it was measured."""
    summary = (
        f"Of the pictures that were not read, {100 * wrong_share(ends):.1f} % are given the reason of another fault."
    )
    return "\n\n".join(
        [
            about,
            table(_REASONS, [_reason_cells(row) for row in reason_rows(ends)]),
            summary,
            table(_FAULTS, [_fault_cells(row) for row in fault_rows(ends)]),
        ]
    )


def _reason_cells(row: ReasonRow) -> list[str]:
    return [
        f"`{row.reason}`",
        str(row.true),
        _counted(row.named, row.true),
        str(row.others),
        _counted(row.wrong, row.others),
    ]


def _fault_cells(row: FaultRow) -> list[str]:
    told = sorted(row.codes.items(), key=lambda item: item[0] not in REASONS)
    return [
        row.fault.replace("_", " "),
        str(row.pictures),
        str(row.read),
        ", ".join(f"`{code}` {n}" for code, n in told),
    ]


def _counted(part: int, whole: int) -> str:
    return f"{part} ({100 * part / whole:.0f} %)" if whole else "–"
