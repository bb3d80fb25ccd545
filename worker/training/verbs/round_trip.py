"""``round-trip``: what is left of a model's figures after paper, camera and reader."""

import argparse
import json
from pathlib import Path
from typing import Any

from worker.training.config import config_load
from worker.training.records import data_folder
from worker.training.verbs.options import Commands, add_data_option


def add_parser(commands: Commands) -> None:
    parser = commands.add_parser("round-trip", help="draw, distort, read again and classify: figures by level")
    parser.add_argument("--artifact", type=Path, required=True, help="folder with network.keras and manifest.json")
    parser.add_argument("--records", nargs="+", metavar="RECORD", help="default: the held-out records of DS1")
    parser.add_argument("--levels", nargs="+", metavar="LEVEL", help="of worker/generator/levels.toml (default: all)")
    parser.add_argument("--every", type=int, help="take one picture of so many (default: 20 strips, 100 beats)")
    parser.add_argument("--seed", type=int, default=0, help="of sample and pictures (default: %(default)s)")
    parser.add_argument("--processes", type=int, default=2, help="that draw and read (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="print the figures as one JSON object")
    add_data_option(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    from worker.model.classifier import Classifier
    from worker.training.evaluation.round_trip import FIGURES_OF_KIND, figures_text

    classifier = Classifier.load(options.artifact)
    records = options.records or config_load(Path(classifier.kind)).selection.held_out_records
    chosen: dict[str, Any] = {key: getattr(options, key) for key in ("levels", "every") if getattr(options, key)}
    figures = FIGURES_OF_KIND[classifier.kind](
        classifier, data_folder(options.data), records, seed=options.seed, processes=options.processes, **chosen
    )
    print(json.dumps(figures) if options.json else figures_text(figures))
