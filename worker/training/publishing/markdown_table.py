"""Rows of figures as a Markdown table, for model cards and the report."""

from collections.abc import Iterable, Mapping
from typing import Any

from worker.ecg.annotations import SCORED_CLASSES


def markdown_table(rows: Iterable[tuple[str, Mapping[str, Any]]], first: str = "") -> str:
    """Rows with their titles; sensitivity, positive predictivity and F1 of each class."""
    heads = [f"{name} Se / +P / F1" for name in SCORED_CLASSES]
    columns = ["accuracy", "macro F1 N S V F", "macro F1 N S V", *heads]
    lines = [f"| {first} | {' | '.join(columns)} |", f"|---|{'---|' * len(columns)}"]
    for name, figures in rows:
        cells = [f"{figures[key]:.3f}" for key in ("accuracy", "macro_f1", "macro_f1_nsv")]
        lines.append(f"| {name} | {' | '.join([*cells, *(triple(figures, c) for c in SCORED_CLASSES)])} |")
    return "\n".join(lines)


def triple(figures: Mapping[str, Any], aami_class: str) -> str:
    of_class = figures["per_class"][aami_class]
    return " / ".join(f"{of_class[key]:.3f}" for key in ("sensitivity", "positive_predictivity", "f1"))
