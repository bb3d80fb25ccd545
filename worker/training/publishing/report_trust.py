"""The part of ``docs/science.md`` on what a model must not be trusted with, from committed measurements."""

import json
from pathlib import Path
from typing import Any, Final

GATES_NAME: Final = "gates.json"
EXPLAIN_NAME: Final = "explain.json"
_SCORES: Final = {
    "max_softmax": "confidence",
    "energy": "energy",
    "mahalanobis": "distance of the features (Mahalanobis)",
}


def trust_section(folder: Path) -> str:
    """Gate, outliers and explanations, as far as they were measured.

    Parameters
    ----------
    folder : Path
        Holds ``gates.json`` and ``explain.json``.
    """
    gates, explained = _read(folder / GATES_NAME), _read(folder / EXPLAIN_NAME)
    parts = [
        _pictures(gates["pictures"]) if "pictures" in gates else "",
        _outliers(gates["outliers"]) if "outliers" in gates else "",
        _explanations(explained) if explained else "",
    ]
    return "\n\n".join(["## What is not to be trusted", *(part for part in parts if part)]) if any(parts) else ""


def _pictures(pictures: dict[str, Any]) -> str:
    label, halves = list(pictures.items())[-1]
    figures = halves["report"]
    outliers, ecgs = figures["outliers"], figures["ecgs"]
    return (
        f"**Pictures that are no ECG** (`gates`, {label}; families of pictures on which no threshold was chosen): "
        f"AUROC {figures['auroc']:.3f}. Of {outliers['pictures']} pictures of {outliers['families']} families, "
        f"{outliers['refused']} were refused, {outliers['needs_person']} left to a person and {outliers['read']} read "
        f"as an ECG ({figures['miss_rate']:.1%}). Of {ecgs['pictures']} ECGs, {ecgs['refused']} were refused "
        f"({figures['false_alarm_rate']:.1%}) and {ecgs['needs_person']} left to a person "
        f"({figures['to_a_person_rate']:.1%})."
    )


def _outliers(outliers: dict[str, Any]) -> str:
    rows = [(f"curves of no heart ({name})", figures["auroc"]) for name, figures in outliers.get("far", {}).items()]
    rows += [(f"beats of {name}, which training did not hold", f["auroc"]) for name, f in outliers["near"].items()]
    lines = [
        "**Unlike the training data** (`outliers`, on DS1): AUROC of three scores: 1 tells all of them, 0.5 none.",
        "",
        f"| | {' | '.join(_SCORES.values())} |",
        "|---|" + "---|" * len(_SCORES),
        *(f"| {title} | {' | '.join(f'{auroc[key]:.3f}' for key in _SCORES)} |" for title, auroc in rows),
    ]
    return "\n".join(lines)


def _explanations(explained: dict[str, Any]) -> str:
    lines = [
        "**Where the network looked** (`explain-check`, on held-out DS1 beats): how much of the answer is lost when "
        "the stretch that the explanation points to is hidden, beside a stretch at random; and how alike the "
        "explanation stays when the weights are shuffled (rank correlation, 0 for one that follows the weights).",
        "",
        "| | loss by occlusion | loss by class map | at random | likeness, weights shuffled: occlusion / class map |",
        "|---|---|---|---|---|",
    ]
    for figures in explained.values():
        name = f"{figures['model']['name']} {figures['model']['version']}"
        loss, likeness = figures["loss"], figures["rank_correlation"]
        losses = " | ".join(f"{loss[key]['all']:.3f}" for key in ("occlusion", "class_map", "random"))
        both = " / ".join(f"{likeness[key]['all_layers']:.3f}" for key in ("occlusion", "class_map"))
        lines.append(f"| {name} | {losses} | {both} |")
    return "\n".join(lines)


def _read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text()) if path.is_file() else {}
    return found
