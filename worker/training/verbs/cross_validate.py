"""``cross-validate``: an idea's figures inside DS1, each group of records left out in turn."""

import argparse
from typing import Any

from worker.ecg.annotations import SCORED_CLASSES
from worker.training.records import data_folder
from worker.training.verbs.options import Commands, add_run_options, configs


def add_parser(commands: Commands) -> None:
    parser = commands.add_parser("cross-validate", help="figures of an idea on DS1 records that were left out; resumes")
    add_run_options(parser)
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="SECTION.KEY=VALUE",
        help="a setting to change, in TOML: network.members=1; may be repeated",
    )
    parser.add_argument("--name", required=True, help="of the idea: its folder below the working folder")
    parser.add_argument(
        "--group", type=int, action="append", help="only this group of records, from 0; may be repeated"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    from worker.training.config import config_changed
    from worker.training.data.bank import bank_load
    from worker.training.fitting.leave_out import group_answers, left_out_selection
    from worker.training.publishing.train import require_same_config

    data = data_folder(options.data)
    for shipped in configs(options):
        config = config_changed(shipped, options.set)
        kind = config.artifact.kind
        bank, folder = bank_load(options.runs / kind / "bank"), options.runs / kind / options.name
        require_same_config(config, folder)
        if options.group is not None:
            for group in options.group:
                group_answers(config, bank, data, folder, group)
            continue
        selection = left_out_selection(config, bank, data, folder)
        print(f"{options.name}, prior strength {selection.prior_strength}, temperature {selection.temperature:.3f}")
        for reading, figures in selection.held_out["readings"].items():
            print(f"{reading:<18}{figures_line(figures)}")
        for reading, figures in selection.held_out.get("simulated", {}).items():
            print(f"{'simulated ' + reading:<18}{figures_line(figures)}")


def figures_line(figures: dict[str, Any]) -> str:
    """Accuracy, mean F1 of N S V and of all four, and F1 of each class."""
    classes = " ".join(f"{name} {figures['per_class'][name]['f1']:.3f}" for name in SCORED_CLASSES)
    return (
        f"accuracy {figures['accuracy']:.4f}, mean F1 N S V {figures['macro_f1_nsv']:.4f}, "
        f"N S V F {figures['macro_f1']:.4f}; F1 {classes}"
    )
