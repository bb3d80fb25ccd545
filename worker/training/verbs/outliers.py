"""``outliers``: which score tells beats apart that a network was never shown."""

import argparse
import json
from pathlib import Path
from typing import Any

from worker.training.records import DS1, PACED_TRAINING, data_folder
from worker.training.verbs.gates import figures_write
from worker.training.verbs.options import Commands, add_data_option


def add_parser(commands: Commands) -> None:
    parser = commands.add_parser("outliers", help="AUROC of three scores on beats unlike those of training; DS1 only")
    parser.add_argument("--artifact", type=Path, required=True, help="folder with network.keras and manifest.json")
    parser.add_argument("--near", action="store_true", help="also train small networks blind to S, V, F and Q in turn")
    parser.add_argument("--each-curve", type=int, default=4, help="curves of each kind (default: %(default)s)")
    parser.add_argument("--write", type=Path, metavar="FILE.json", help="put the figures under outliers")
    add_data_option(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    from worker.model.classifier import Classifier
    from worker.training.evaluation import trust

    data, classifier = data_folder(options.data), Classifier.load(options.artifact)
    others = trust.HELD_OUT
    fitted = tuple(name for name in DS1 if name not in others) + PACED_TRAINING
    beats, other_beats = (trust.beats_drawn(data, names, classifier.kind) for names in (fitted, others))
    curves = trust.curves_drawn(options.each_curve, classifier.kind)
    name = f"{classifier.identity.name} {classifier.identity.version}"
    measured: dict[tuple[str, ...], dict[str, Any]] = {
        ("far", name): trust.artifact_figures(classifier, beats, other_beats, curves)
    }
    if options.near:
        measured[("near",)] = trust.near_figures(beats, other_beats)
    for place, figures in measured.items():
        print(json.dumps({" ".join(place): figures}, indent=1))
        if options.write:
            figures_write(options.write, ["outliers", *place], figures)
