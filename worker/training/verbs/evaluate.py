"""``evaluate``: an artifact's figures on patients it has never seen."""

import argparse
import json
from pathlib import Path

from worker.training.records import data_folder
from worker.training.verbs.options import Commands, add_data_option


def add_parser(commands: Commands) -> None:
    parser = commands.add_parser("evaluate", help="an artifact's figures on DS2 and on paced records 104 and 217")
    parser.add_argument("--artifact", type=Path, required=True, help="folder with network.keras and manifest.json")
    parser.add_argument("--protocol", choices=["ds2"], default="ds2", help="de Chazal's test patients")
    parser.add_argument("--json", action="store_true", help="print the figures as one JSON object")
    parser.add_argument("--predictions", type=Path, metavar="FILE.csv", help="write every beat's answer")
    parser.add_argument("--other-leads", action="store_true", help="also the records' second leads, a row for each")
    parser.add_argument("--write", action="store_true", help="write the figures into manifest and model card")
    add_data_option(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    from worker.model.classifier import Classifier
    from worker.training.evaluate import evaluate, figures_text, predictions_write
    from worker.training.publish import metrics_add

    classifier = Classifier.load(options.artifact)
    metrics, answers = evaluate(classifier, data_folder(options.data), other_leads=options.other_leads)
    if options.predictions:
        predictions_write(answers, classifier, options.predictions)
    if options.write:
        metrics_add(options.artifact, metrics)
    print(json.dumps(metrics) if options.json else figures_text(metrics))
