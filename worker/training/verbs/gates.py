"""``gates``: how well pictures that are no ECG are told from ECG pictures."""

import argparse
import json
from pathlib import Path

from worker.training.records import data_folder
from worker.training.verbs.options import Commands, add_data_option


def add_parser(commands: Commands) -> None:
    parser = commands.add_parser("gates", help="what the not-an-ECG gate lets pass and what it refuses")
    parser.add_argument(
        "--half",
        choices=["tuning", "report"],
        default="report",
        help="families of pictures and DS1 patients that thresholds were chosen on, or the others (default)",
    )
    parser.add_argument("--each-family", type=int, default=6, help="pictures of each family (default: %(default)s)")
    parser.add_argument(
        "--each-style", type=int, default=2, help="ECGs of each record and style (default: %(default)s)"
    )
    parser.add_argument("--write", type=Path, metavar="FILE.json", help="put the figures under pictures.<label>.<half>")
    parser.add_argument("--label", default="now", help="with --write: such as before or after (default: %(default)s)")
    add_data_option(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    from worker.training.evaluation.picture_gate import gate_figures

    figures = gate_figures(
        data_folder(options.data), options.half, each_family=options.each_family, each_style=options.each_style
    )
    if options.write:
        figures_write(options.write, ["pictures", options.label, options.half], figures)
    print(json.dumps(figures, indent=1))


def figures_write(path: Path, place: list[str], figures: dict[str, object]) -> None:
    """Put figures at a place of a JSON file, beside what is there."""
    document = json.loads(path.read_text()) if path.is_file() else {}
    inside = document
    for key in place[:-1]:
        inside = inside.setdefault(key, {})
    inside[place[-1]] = figures
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, indent=1) + "\n")
