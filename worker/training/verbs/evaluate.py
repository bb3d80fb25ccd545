"""``evaluate``: a model's figures on patients it has never seen."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from worker.model.registry import read_manifest
from worker.training.evaluation.protocols import PROTOCOLS, ROWS, Protocol, protocol_named, protocol_of_records
from worker.training.records import data_folder
from worker.training.verbs.options import Commands, add_data_option

LOG = "docs/science-log.md"


def add_parser(commands: Commands) -> None:
    parser = commands.add_parser("evaluate", help="a model's figures, as they stand in its manifest, from the data")
    parser.add_argument("--artifact", type=Path, required=True, help="folder with network.keras and manifest.json")
    records = parser.add_mutually_exclusive_group()
    records.add_argument(
        "--protocol",
        choices=PROTOCOLS,
        default="ds2",
        help="de Chazal's test patients, or the DS1 records that the model's settings hold out (default: %(default)s)",
    )
    records.add_argument("--records", metavar="106,114", help="these records instead")
    parser.add_argument(
        "--rows",
        nargs="+",
        choices=ROWS,
        default=ROWS,
        metavar="ROW",
        help=f"only some of the rows: {', '.join(ROWS)} (default: all)",
    )
    parser.add_argument(
        "--seeds",
        nargs="+",
        type=Path,
        default=[],
        metavar="FOLDER",
        help="models of the same settings with other seeds, for the spread (default: the network's own members)",
    )
    _add_output_options(parser)
    add_data_option(parser)
    parser.set_defaults(run=run)


def _add_output_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print the figures as one JSON object")
    parser.add_argument("--predictions", type=Path, metavar="FILE.csv", help="write the probabilities of every beat")
    parser.add_argument(
        "--reading",
        choices=["crop", "strip10", "whole"],
        help="reading of the predictions (default: crop for a beat model, whole for a context model)",
    )
    parser.add_argument("--write", action="store_true", help="write the figures into the model's manifest and card")
    parser.add_argument("--write-to", type=Path, metavar="FOLDER", help="write them into another model's")


def run(options: argparse.Namespace) -> None:
    manifest = read_manifest(options.artifact)
    protocol = _protocol(options, manifest.document)
    data = data_folder(options.data)
    print(_reminder(protocol), file=sys.stderr)

    from worker.model.classifier import Classifier
    from worker.training.evaluation.evaluate import evaluate
    from worker.training.evaluation.figures_text import figures_text, predictions_write
    from worker.training.publishing.publish import metrics_add

    classifier = Classifier.load(options.artifact)
    seeds = [Classifier.load(folder) for folder in options.seeds]
    found = evaluate(classifier, data, protocol, rows=options.rows, seeds=seeds)
    if options.predictions:
        reading = options.reading or found.readings[-1]
        if reading not in found.answers:
            raise ValueError(f"predictions: expected one of {list(found.answers)}. Received: {reading!r}")
        predictions_write(found.answers[reading], classifier.temperature, options.predictions)
    for folder in _written_to(options):
        metrics_add(folder, found.metrics, measured=classifier.identity.sha256)
    print(json.dumps(found.metrics) if options.json else figures_text(found.metrics))


def _protocol(options: argparse.Namespace, manifest: dict[str, Any]) -> Protocol:
    return protocol_of_records(options.records) if options.records else protocol_named(options.protocol, manifest)


def _reminder(protocol: Protocol) -> str:
    if protocol.opens_the_test:
        return f"This opens test patients. Log it in {LOG}: date, commit, settings, all figures."
    return "A published model was fitted to these records, too: its figures on them are no test."


def _written_to(options: argparse.Namespace) -> list[Path]:
    return [*([options.artifact] if options.write else []), *([options.write_to] if options.write_to else [])]
