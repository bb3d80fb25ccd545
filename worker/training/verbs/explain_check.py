"""``explain-check``: whether a model's explanations follow its weights."""

import argparse
import json
from pathlib import Path
from typing import Any

from worker.model.registry import artifact_folder
from worker.training.records import data_folder
from worker.training.verbs.options import SHIPPED_KINDS, Commands, add_data_option


def add_parser(commands: Commands) -> None:
    parser = commands.add_parser("explain-check", help="whether explanations follow the weights, on held-out DS1 beats")
    parser.add_argument(
        "--artifact",
        type=Path,
        action="append",
        help="folder with network.keras and manifest.json; may be repeated (default: the active models)",
    )
    parser.add_argument(
        "--out", type=Path, metavar="FILE.json", help="write the figures, such as docs/science/explain.json"
    )
    add_data_option(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    from worker.model.classifier import Classifier
    from worker.training.evaluation.explain_check import explain_check

    data = data_folder(options.data)
    folders = options.artifact or [artifact_folder(kind) for kind in SHIPPED_KINDS]
    figures = {}
    for folder in folders:
        classifier = Classifier.load(folder)
        figures[classifier.kind] = explain_check(classifier, data)
        print(text_of(figures[classifier.kind]))
    if options.out:
        options.out.parent.mkdir(parents=True, exist_ok=True)
        options.out.write_text(json.dumps(figures, indent=1) + "\n")


def text_of(figures: dict[str, Any]) -> str:
    """The figures as lines for people."""
    model, loss = figures["model"], figures["loss"]
    lines = [f"{model['name']} {model['version']}: {sum(figures['beats'].values())} beats"]
    for name, by_depth in figures["rank_correlation"].items():
        shuffled = ", ".join(f"{depth.replace('_', ' ')} {value:.2f}" for depth, value in by_depth.items())
        lines.append(f"  {name}: rank correlation after shuffling: {shuffled}")
    for name, by_class in loss.items():
        words = name.replace("_", " ")
        if isinstance(by_class, dict):
            values = ", ".join(f"{key} {value:.3f}" for key, value in by_class.items())
            lines.append(f"  loss of probability with a quarter covered, {words}: {values}")
        else:
            lines.append(f"  {words}: {by_class:.0%} of beats")
    return "\n".join(lines)
