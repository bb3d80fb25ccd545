"""``python -m worker.training``: from the MIT-BIH records to the shipped models and their figures."""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from worker.model.registry import ARTIFACTS
from worker.training.bank import bank_prepare
from worker.training.config import CONFIGS, Config, config_load
from worker.training.records import DOWNLOADED, RecordsMissing, data_folder, download


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        options.run(options)
    except (RecordsMissing, FileNotFoundError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m worker.training",
        description="Train the two models (beat: a picture of one beat; context: strips) on the MIT-BIH Arrhythmia "
        "Database and measure them on patients they have not seen.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    fetch = commands.add_parser("download", help="fetch the database from PhysioNet (needs a network)")
    fetch.add_argument("--to", type=Path, default=DOWNLOADED, help="folder for the records (default: %(default)s)")
    fetch.set_defaults(run=lambda options: download(options.to))

    prepare = commands.add_parser("prepare", help="draw the training records' beats, augmented; resumes")
    _add_run_options(prepare)
    prepare.set_defaults(run=_prepare)

    train = commands.add_parser("train", help="choose on held-out DS1 records, fit on DS1, publish; resumes")
    _add_run_options(train)
    train.add_argument("--artifacts", type=Path, default=ARTIFACTS, help="where the artifact goes (default: worker's)")
    train.set_defaults(run=_train)

    evaluate = commands.add_parser("evaluate", help="an artifact's figures on DS2 and on paced records 104 and 217")
    evaluate.add_argument("--artifact", type=Path, required=True, help="folder with network.keras and manifest.json")
    evaluate.add_argument("--protocol", choices=["ds2"], default="ds2", help="de Chazal's test patients")
    evaluate.add_argument("--json", action="store_true", help="print the figures as one JSON object")
    evaluate.add_argument("--predictions", type=Path, metavar="FILE.csv", help="write every beat's answer")
    evaluate.add_argument("--other-leads", action="store_true", help="also the records' second leads, a row for each")
    evaluate.add_argument("--write", action="store_true", help="write the figures into manifest and model card")
    _add_data_option(evaluate)
    evaluate.set_defaults(run=_evaluate)

    pictures = commands.add_parser("demo-pictures", help="draw the demo hospital's pictures")
    pictures.add_argument("--out", type=Path, required=True, help="folder for the pictures and pictures.json")
    pictures.add_argument("--examples", type=Path, help="folder for the example beats (SVG) of the class descriptions")
    _add_data_option(pictures)
    pictures.set_defaults(run=_demo_pictures)
    return parser


def _add_data_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--data",
        type=Path,
        help="folder of the records (default: BEATLINE_DATA, else ../shared/data/mitdb, else the download)",
    )


def _add_run_options(parser: argparse.ArgumentParser) -> None:
    names = " and ".join(path.stem for path in sorted(CONFIGS.glob("*.toml")))
    parser.add_argument(
        "--config",
        type=Path,
        action="append",
        metavar="FILE.toml",
        help=f"a settings file or the name of one that is shipped; may be repeated (default: {names})",
    )
    parser.add_argument("--runs", type=Path, default=Path("runs"), help="working folder (default: %(default)s)")
    _add_data_option(parser)


def _configs(options: argparse.Namespace) -> list[Config]:
    return [config_load(path) for path in options.config or (Path("beat"), Path("context"))]


def _prepare(options: argparse.Namespace) -> None:
    data = data_folder(options.data)
    for config in _configs(options):
        bank_prepare(config, data, options.runs / config.artifact.kind / "bank")


def _train(options: argparse.Namespace) -> None:
    from worker.training.train import train

    data = data_folder(options.data)
    for config in _configs(options):
        started = time.monotonic()
        folder = train(config, data, options.runs, options.artifacts)
        print(f"{folder} after {(time.monotonic() - started) / 60:.1f} min; now: evaluate --artifact {folder} --write")


def _evaluate(options: argparse.Namespace) -> None:
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


def _demo_pictures(options: argparse.Namespace) -> None:
    from worker.training.demo_pictures import demo_pictures_draw
    from worker.training.example_beats import example_beats_draw

    data = data_folder(options.data)
    demo_pictures_draw(data, options.out)
    if options.examples:
        example_beats_draw(data, options.examples)


if __name__ == "__main__":
    sys.exit(main())
