"""``zoo``: the published networks on new patients, in one table."""

import argparse
import sys
import time
from pathlib import Path

from worker.training.evaluation.protocols import PROTOCOLS, ProtocolName
from worker.training.records import data_folder
from worker.training.verbs.options import Commands, add_data_option

DEFAULT_CONFIG = Path("new-patients")
LOG = "docs/science-log.md"


def add_parser(commands: Commands) -> None:
    parser = commands.add_parser(
        "zoo", help="the published networks on new patients (de Chazal's split), from the paper's drawing; resumes"
    )
    parser.add_argument(
        "--config",
        type=Path,
        default=DEFAULT_CONFIG,
        metavar="FILE.toml",
        help="a settings file or the name of one in worker/training/configs (default: %(default)s)",
    )
    parser.add_argument("--rows", nargs="+", metavar="ROW", help="only these rows (default: all)")
    parser.add_argument(
        "--protocol",
        choices=PROTOCOLS,
        default="ds1-held-out",
        help="learn from a part of DS1 and be asked about the rest of it, or learn from DS1 and open DS2 "
        "(default: %(default)s)",
    )
    parser.add_argument("--table", action="store_true", help="run nothing; print the table of what was run")
    parser.add_argument("--runs", type=Path, default=Path("runs"), help="working folder (default: %(default)s)")
    parser.add_argument("--out", type=Path, help="folder for the predictions (default: docs/science)")
    add_data_option(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    from worker.training.new_patients.settings import new_patients_config_load
    from worker.training.new_patients.table import table_rows
    from worker.training.paper.predictions import SCIENCE
    from worker.training.publishing.markdown_table import markdown_table

    out = options.out or SCIENCE
    if not options.table:
        _run_units(options, out)
    print(markdown_table(table_rows(new_patients_config_load(options.config), out)))


def _run_units(options: argparse.Namespace, out: Path) -> None:
    from worker.training.new_patients.settings import new_patients_config_load
    from worker.training.new_patients.table import predictions_file

    config = new_patients_config_load(options.config)
    protocol: ProtocolName = options.protocol
    rows = [config.row(name) for name in options.rows] if options.rows else config.rows
    paths = {row: predictions_file(out, config.name, row.name, protocol) for row in rows}
    missing = {row: path for row, path in paths.items() if not path.is_file()}
    if not missing:
        return

    from worker.training.new_patients.fits import NewPatients
    from worker.training.paper.classes import FIVE_CLASSES
    from worker.training.paper.predictions import predictions_write

    if protocol == "ds2":
        print(f"This opens test patients. Log it in {LOG}: date, commit, settings, all figures.", file=sys.stderr)
    fits = NewPatients(config, data_folder(options.data), options.runs, protocol)
    for row, path in missing.items():
        started, cpu = time.monotonic(), time.process_time()
        print(f"{row.name}, {protocol}: {len(fits.training.chosen)} beats to learn from, {len(fits.asked.beats)} asked")
        probabilities = fits.answers(row, verbose=2)
        predictions_write(fits.asked.beats, fits.asked.chosen, probabilities, FIVE_CLASSES, path)
        minutes, cpu_minutes = (time.monotonic() - started) / 60, (time.process_time() - cpu) / 60
        print(f"{row.name}, {protocol}: {minutes:.1f} min, {cpu_minutes:.1f} of a processor", flush=True)
