"""``classify``: every heartbeat of some pictures with its class."""

import argparse
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from worker.commands.pictures import Commands, add_picture_options, opened, reason_dict
from worker.errors import OUTCOME_OF_CODE, EcgError
from worker.results import EcgResult, prediction_dict
from worker.rhythm_words import rhythm_lines

if TYPE_CHECKING:
    from worker.model.registry import Classifiers

PICTURES_AT_ONCE: Final = 8


def add_parser(commands: Commands) -> None:
    parser = commands.add_parser("classify", help="classify every heartbeat of some pictures")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    add_picture_options(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    # Imported late: a wrong argument should not wait for TensorFlow.
    from worker.model.registry import load_active

    models = load_active()
    failed = False
    for start in range(0, len(args.pictures), PICTURES_AT_ONCE):
        for outcome in _outcomes(args.pictures[start : start + PICTURES_AT_ONCE], args, models):
            failed |= outcome["state"] == "failed"
            print(json.dumps(outcome, ensure_ascii=False) if args.json else readable(outcome), flush=True)
    return 1 if failed else 0


def _outcomes(paths: Sequence[Path], args: argparse.Namespace, models: "Classifiers") -> Iterator[dict[str, Any]]:
    """One dict per file, in order; the files are classified together."""
    from worker.pipeline import classify_pictures

    asked = [opened(path, args).request for path in paths]
    requests = [request for request in asked if not isinstance(request, EcgError)]
    ends = iter(classify_pictures(requests, models=models))
    for path, request in zip(paths, asked, strict=True):
        yield _outcome(path, request if isinstance(request, EcgError) else next(ends))


def _outcome(path: Path, end: EcgResult | EcgError) -> dict[str, Any]:
    if isinstance(end, EcgResult):
        return {
            "file": str(path),
            "state": str(OUTCOME_OF_CODE[end.reason]) if end.reason else "done",
            "reason": reason_dict(end.reason) if end.reason else None,
            "kind": end.kind,
            "prediction": prediction_dict(end),
        }
    return {
        "file": str(path),
        "state": str(end.outcome),
        "reason": reason_dict(end.code),
        "kind": end.kind,
        "prediction": None,
    }


def readable(outcome: dict[str, Any]) -> str:
    """An outcome in lines for people."""
    lines = [outcome["file"]]
    if outcome["reason"]:
        lines.append(f"  {outcome['state'].replace('_', ' ')}: {outcome['reason']['sentence']}")
    if outcome["prediction"]:
        lines += _beats_readable(outcome)
    return "\n".join(lines)


def _beats_readable(outcome: dict[str, Any]) -> list[str]:
    prediction = outcome["prediction"]
    summary, model = prediction["summary"], prediction["model"]
    counts = "  ".join(f"{name} {count}" for name, count in summary["counts"].items() if count)
    rate = f", {summary['rate_bpm']:.0f} bpm" if summary["rate_bpm"] else ""
    lines = [
        f"  {outcome['kind']}: {counts}{rate}, {summary['unsure']} unsure ({model['name']} {model['version']})",
        *rhythm_lines(prediction["rhythm"]),
        "  beat  class  confidence  at",
    ]
    for beat in prediction["beats"]:
        at = "" if beat["r_peak_s"] is None else f"{beat['r_peak_s']:.2f} s"
        unsure = "  unsure" if beat["unsure"] else ""
        lines.append(f"  {beat['index'] + 1:4d}  {beat['aami_class']:5s}  {beat['confidence']:10.2f}  {at}{unsure}")
    return lines
