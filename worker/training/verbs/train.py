"""``train``: choose on held-out DS1 records, fit on all of DS1, publish; or fine-tune on confirmed labels."""

import argparse
import os
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from worker.model.registry import ARTIFACTS, artifact_folder
from worker.training.labels.fine_tune_config import FINE_TUNE_CONFIGS, fine_tune_config_load
from worker.training.labels.labels import TooFewLabels, labels_load
from worker.training.records import data_folder
from worker.training.verbs.options import SHIPPED_KINDS, Commands, add_run_options, configs

TRAINED_HERE: Final = Path("var/models")  # where the portal looks for models beside the shipped ones


def add_parser(commands: Commands) -> None:
    parser = commands.add_parser("train", help="choose on held-out DS1 records, fit on DS1, publish; resumes")
    add_run_options(parser)
    parser.add_argument(
        "--artifacts",
        type=Path,
        help="where the artifact goes (default: the worker's; with --from-labels BEATLINE_ARTIFACTS, else var/models)",
    )
    parser.add_argument(
        "--from-labels",
        type=Path,
        metavar="FOLDER",
        help="fine-tune the active models on packages of confirmed labels; --config then names a file of "
        f"{FINE_TUNE_CONFIGS.relative_to(FINE_TUNE_CONFIGS.parents[3])}",
    )
    parser.add_argument("--base", type=Path, help="with --from-labels: the model to begin from (default: the active)")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    if options.from_labels:
        return fine_tune_all(options)
    if options.base:
        raise ValueError("--base goes with --from-labels")
    from worker.training.publishing.train import train

    data = data_folder(options.data)
    for config in configs(options):
        started = time.monotonic()
        folder = train(config, data, options.runs, options.artifacts or ARTIFACTS)
        print(f"{folder} after {(time.monotonic() - started) / 60:.1f} min; now: evaluate --artifact {folder} --write")
    return 0


def fine_tune_all(options: argparse.Namespace) -> int:
    """Each kind for itself: too few labels for one are no reason not to train the other."""
    from worker.training.labels.fine_tune import fine_tune, replay_load

    data = data_folder(options.data)
    artifacts = options.artifacts or Path(os.environ.get("BEATLINE_ARTIFACTS", TRAINED_HERE))
    made = 0
    for path in options.config or map(Path, SHIPPED_KINDS):
        config = fine_tune_config_load(path)
        kind = config.fine_tune.kind
        try:
            folder = fine_tune(
                config,
                labels_load(options.from_labels, kind),
                options.base or artifact_folder(kind),
                lambda settings: replay_load(settings, data, options.runs),
                artifacts,
                runs=options.runs,
                on=datetime.now(UTC).date(),
            )
        except TooFewLabels as error:
            print(f"{kind}: {error}", file=sys.stderr)
            continue
        made += 1
        print(f"{folder}; now: evaluate --artifact {folder} --write, then gate --candidate {folder}")
    return 0 if made else 1
