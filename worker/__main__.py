"""Read pictures from the command line, without a database: ``python -m worker classify | digitise PICTURE…``."""

import argparse
import sys
from collections.abc import Sequence

from worker.commands import classify, digitise


def main(argv: Sequence[str] | None = None) -> int:
    """Exit status: 0 if every file ended done, refused or needing a person; 1 if any failed or is missing."""
    args = _parser().parse_args(argv)
    return int(args.run(args))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m worker", description="Read ECG pictures without a database.")
    commands = parser.add_subparsers(required=True)
    for verb in (classify, digitise):
        verb.add_parser(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
