"""Figures for a terminal, and every beat's answer for a file."""

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from worker.ecg.annotations import AAMI_CLASSES, SCORED_CLASSES
from worker.model.calibration import softmax
from worker.model.manifest_rows import rows_of
from worker.training.evaluation.answers import Answers
from worker.training.evaluation.metrics import NO_BEAT

PREDICTION_COLUMNS: Final = ("record", "sample", "symbol", *(f"p_{name}" for name in AAMI_CLASSES))


def predictions_write(answers: Answers, temperature: float, path: Path) -> None:
    """One row for each annotated beat: its record, sample and WFDB symbol, and calibrated probabilities."""
    beats = answers.labels != NO_BEAT
    probabilities = softmax(answers.logits[beats] / temperature)
    with path.open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(PREDICTION_COLUMNS)
        for record, sample, symbol, row in zip(
            answers.records[beats], answers.samples[beats], answers.symbols[beats], probabilities, strict=True
        ):
            table.writerow([record, sample, symbol, *(f"{p:.6f}" for p in row)])


def figures_text(metrics: dict[str, Any]) -> str:
    """The figures as a table for people."""
    lines = []
    for key in ("ds2", "ds1_held_out", "records"):
        if key in metrics:
            lines += _protocol_lines(key, metrics[key])
    for reading, q in metrics.get("q", {}).get("readings", {}).items():
        lines.append(f"104 and 217, {reading}: Q Se/+P/F1 {_triple(q)}, accuracy {q['accuracy']:.3f}")
    lines += _trust_lines(metrics)
    return "\n".join(lines)


def _protocol_lines(key: str, found: dict[str, Any]) -> list[str]:
    classes = "".join(f"{name + ' Se/+P/F1':>20}" for name in SCORED_CLASSES)
    head = f"{key:<28}{'acc':>7}{'F1 NSVF':>9}{'F1 NSV':>9}{classes}"
    return [head, *(_row(" ".join(path), figures) for path, figures in rows_of(found)), *_trust_lines(found)]


def _trust_lines(found: dict[str, Any]) -> list[str]:
    lines = []
    if "calibration" in found:
        trust = found["calibration"]
        lines.append(
            f"calibration ({trust['reading']}): ECE {trust['ece_before']:.4f} -> {trust['ece_after']:.4f}, "
            f"Brier {trust['brier_before']:.4f} -> {trust['brier_after']:.4f}; "
            f"sure {trust['sure_share']:.3f}, error among sure {trust['error_among_sure']:.4f}"
        )
    for reading, figures in found.get("seeds", {}).get("readings", {}).items():
        listed = ", ".join(f"{name} {v['mean']:.4f} ± {v['sd']:.4f}" for name, v in figures.items())
        lines.append(f"{found['seeds']['count']} seeds, {reading}: {listed}")
    return lines


def _row(name: str, figures: Mapping[str, Any]) -> str:
    classes = "".join(f"{_triple(figures['per_class'][c]):>20}" for c in SCORED_CLASSES)
    means = f"{figures['macro_f1']:>9.4f}{figures['macro_f1_nsv']:>9.4f}"
    return f"{name:<28}{figures['accuracy']:>7.4f}{means}{classes}"


def _triple(figures: dict[str, float]) -> str:
    return f"{figures['sensitivity']:.3f}/{figures['positive_predictivity']:.3f}/{figures['f1']:.3f}"
