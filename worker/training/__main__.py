"""``python -m worker.training``: from the MIT-BIH records to the shipped models and their figures.

Each verb is a module of ``worker.training.verbs`` with ``add_parser(commands)``, which adds its options and names the
function that runs it.
"""

import argparse
import sys
from collections.abc import Sequence

from worker.model.registry import ArtifactError
from worker.training.records import RecordsMissing
from worker.training.verbs import (
    compare,
    contact_sheet,
    cross_validate,
    demo_pictures,
    digitise_benchmark,
    download,
    evaluate,
    explain_check,
    failure_reasons,
    gate,
    gates,
    outliers,
    overlays,
    prepare,
    publish,
    report,
    round_trip,
    train,
    train_sheet_readers,
    zoo,
)

VERBS = (
    download,
    prepare,
    cross_validate,
    train,
    train_sheet_readers,
    evaluate,
    round_trip,
    digitise_benchmark,
    failure_reasons,
    overlays,
    contact_sheet,
    compare,
    zoo,
    explain_check,
    gates,
    outliers,
    gate,
    publish,
    report,
    demo_pictures,
)


def main(arguments: Sequence[str] | None = None) -> int:
    options = parser().parse_args(arguments)
    try:
        return options.run(options) or 0
    except (RecordsMissing, ArtifactError, FileNotFoundError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1


def parser() -> argparse.ArgumentParser:
    described = argparse.ArgumentParser(
        prog="python -m worker.training",
        description="Train the two models (beat: a picture of one beat; context: strips) on the MIT-BIH Arrhythmia "
        "Database and measure them on patients they have not seen.",
    )
    commands = described.add_subparsers(required=True, metavar="COMMAND")
    for verb in VERBS:
        verb.add_parser(commands)
    return described


if __name__ == "__main__":
    sys.exit(main())
