"""``report``: docs/science.md, from what is committed."""

import argparse
from pathlib import Path

from worker.training.verbs.options import Commands

DOCS = Path(__file__).resolve().parents[3] / "docs"


def add_parser(commands: Commands) -> None:
    parser = commands.add_parser("report", help="write docs/science.md and its plots from manifests and predictions")
    parser.add_argument("--docs", type=Path, default=DOCS, help="folder of science.md and science/ (default: docs)")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    from worker.training.publishing.report import report_write

    print(report_write(options.docs))
