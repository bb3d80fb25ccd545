"""``compare``: the paper's protocol, the zoo and our networks on the same folds."""

import argparse
import json
import time
from pathlib import Path

from worker.training.records import data_folder
from worker.training.verbs.options import Commands, add_data_option

DEFAULT_CONFIG = Path("paper-two-cores")


def add_parser(commands: Commands) -> None:
    parser = commands.add_parser(
        "compare",
        help="the paper's protocol (beats shuffled, patients leak): the zoo and ours on the same folds; resumes",
    )
    parser.add_argument(
        "--config",
        type=Path,
        default=DEFAULT_CONFIG,
        metavar="FILE.toml",
        help="a settings file or the name of one in worker/training/configs (default: %(default)s)",
    )
    parser.add_argument("--rows", nargs="+", metavar="ROW", help="only these rows (default: all)")
    parser.add_argument("--folds", nargs="+", type=int, metavar="K", help="only these folds (default: the file's)")
    parser.add_argument("--table", action="store_true", help="run nothing; print the table of what was run")
    parser.add_argument(
        "--validate", action="store_true", help="ask a part of the training beats, print the figures, write nothing"
    )
    parser.add_argument("--metrics", metavar="ROW", help="run nothing; print a complete row as metrics.paper (JSON)")
    parser.add_argument(
        "--write-to",
        type=Path,
        metavar="ARTIFACT",
        help="with --metrics: into the manifest of the model of this design",
    )
    parser.add_argument("--runs", type=Path, default=Path("runs"), help="working folder (default: %(default)s)")
    parser.add_argument("--out", type=Path, help="folder for the predictions (default: docs/science/paper)")
    add_data_option(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    from worker.training.paper.predictions import PREDICTIONS
    from worker.training.paper.settings import paper_config_load
    from worker.training.paper.table import complete_rows_join, paper_metrics, table_text
    from worker.training.publishing.publish import paper_metrics_add

    config = paper_config_load(options.config)
    out = options.out or PREDICTIONS
    if options.metrics:
        metrics = paper_metrics(config, options.metrics, out)
        print(json.dumps(metrics))
        if options.write_to:
            paper_metrics_add(options.write_to, metrics)
        return
    if options.write_to:
        raise ValueError("--write-to goes with --metrics")
    if not options.table:
        _run_units(options, out)
    if not options.validate:
        complete_rows_join(config, out)
        print(table_text(config, out))


def _run_units(options: argparse.Namespace, out: Path) -> None:
    from worker.training.paper.classes import EIGHT_CLASSES
    from worker.training.paper.comparison import Comparison
    from worker.training.paper.figures import paper_figures
    from worker.training.paper.predictions import BeatAnswers, predictions_path, predictions_write
    from worker.training.paper.settings import paper_config_load

    config = paper_config_load(options.config)
    rows = [config.row(name) for name in options.rows] if options.rows else config.rows
    comparison = Comparison(config, data_folder(options.data), options.runs)
    for fold in options.folds or config.protocol.run_folds:
        for row in rows:
            path = predictions_path(out, config.name, row.name, fold)
            if path.is_file() and not options.validate:
                continue
            started = time.monotonic()
            unit = comparison.unit(row, fold, validate=options.validate)
            folder = comparison.runs / f"{row.name}-{'validate' if options.validate else 'fold'}{fold}"
            print(f"{row.name}, fold {fold}: {len(unit.training)} beats to learn from, {len(unit.asked)} asked")
            probabilities = comparison.answers(unit, folder, verbose=2)
            beats = comparison.beats
            figures = paper_figures(BeatAnswers(beats.records[unit.asked], beats.labels[unit.asked], probabilities))
            if not options.validate:
                predictions_write(beats, unit.asked, probabilities, EIGHT_CLASSES, path)
            print(f"{row.name}, fold {fold}: {(time.monotonic() - started) / 60:.1f} min, {figures}", flush=True)
