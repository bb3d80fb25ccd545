"""Options that several verbs share."""

import argparse
from pathlib import Path
from typing import Final, TypeAlias

from worker.training.config import Config, config_load

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"

SHIPPED_KINDS: Final = ("beat", "context")


def add_data_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--data",
        type=Path,
        help="folder of the records (default: BEATLINE_DATA, else ../shared/data/mitdb, else the download)",
    )


def add_run_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--config",
        type=Path,
        action="append",
        metavar="FILE.toml",
        help="a settings file or the name of one in worker/training/configs; may be repeated "
        f"(default: {' and '.join(SHIPPED_KINDS)})",
    )
    parser.add_argument("--runs", type=Path, default=Path("runs"), help="working folder (default: %(default)s)")
    add_data_option(parser)


def configs(options: argparse.Namespace) -> list[Config]:
    return [config_load(path) for path in options.config or map(Path, SHIPPED_KINDS)]
