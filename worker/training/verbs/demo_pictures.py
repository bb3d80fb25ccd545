"""``demo-pictures``: the demo hospital's pictures, cut from records that no model was trained on."""

import argparse
from pathlib import Path

from worker.training.records import data_folder
from worker.training.verbs.options import Commands, add_data_option


def add_parser(commands: Commands) -> None:
    parser = commands.add_parser("demo-pictures", help="draw the demo hospital's pictures")
    parser.add_argument("--out", type=Path, required=True, help="folder for the pictures and pictures.json")
    parser.add_argument("--examples", type=Path, help="folder for the example beats (SVG) of the class descriptions")
    add_data_option(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    from worker.training.pictures.demo_pictures import demo_pictures_draw
    from worker.training.pictures.example_beats import example_beats_draw

    data = data_folder(options.data)
    demo_pictures_draw(data, options.out)
    if options.examples:
        example_beats_draw(data, options.examples)
