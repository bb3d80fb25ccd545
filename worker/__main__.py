"""Classify pictures from the command line: ``python -m worker classify PICTURE… --json``.  No database."""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from worker.errors import OUTCOME_OF_CODE, EcgError
from worker.image.inspect import inspect_file
from worker.reasons import REASONS
from worker.results import EcgResult, prediction_dict
from worker.rhythm_words import rhythm_lines

if TYPE_CHECKING:
    from worker.model.registry import Classifiers

PICTURES_AT_ONCE: Final = 8


def main(argv: Sequence[str] | None = None) -> int:
    """Exit status: 0 if every file ended done, refused or needing a person; 1 if any failed or is missing."""
    args = _parser().parse_args(argv)
    # Imported late: a wrong argument should not wait for TensorFlow.
    from worker.model.registry import load_active

    models = load_active()
    failed = False
    for start in range(0, len(args.pictures), PICTURES_AT_ONCE):
        for outcome in _outcomes(args.pictures[start : start + PICTURES_AT_ONCE], args, models):
            failed |= outcome["state"] == "failed"
            print(json.dumps(outcome, ensure_ascii=False) if args.json else _readable(outcome), flush=True)
    return 1 if failed else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m worker", description="Read ECG pictures without a database.")
    commands = parser.add_subparsers(required=True)
    classify = commands.add_parser("classify", help="classify every heartbeat of some pictures")
    classify.add_argument("pictures", nargs="+", type=Path, metavar="PICTURE")
    classify.add_argument("--json", action="store_true", help="one JSON object a line")
    classify.add_argument("--lead", help="such as II or V1")
    classify.add_argument("--speed", type=_positive, metavar="MM_S", help="paper speed; 25 mm/s is assumed")
    classify.add_argument("--page", type=_page, default=1, help="page of a PDF, TIFF or GIF, from 1")
    return parser


def _positive(text: str) -> float:
    value = float(text)
    if not value > 0:
        raise argparse.ArgumentTypeError(f"expected more than 0. Received: {text}")
    return value


def _page(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"expected a page from 1 on. Received: {text}")
    return value


def _outcomes(paths: Sequence[Path], args: argparse.Namespace, models: "Classifiers") -> Iterator[dict[str, Any]]:
    """One dict per file, in order; the files are classified together."""
    from worker.pipeline import classify_pictures

    opened = [_opened(path, args) for path in paths]
    requests = [request for request in opened if not isinstance(request, EcgError)]
    ends = iter(classify_pictures(requests, models=models))
    for path, request in zip(paths, opened, strict=True):
        yield _outcome(path, request if isinstance(request, EcgError) else next(ends))


def _opened(path: Path, args: argparse.Namespace) -> Any:
    from worker.image.decode import decode_picture
    from worker.image.told import Told
    from worker.pipeline import Request

    try:
        data = path.read_bytes()
    except OSError as error:
        print(f"{path}: the file cannot be read: {error.strerror}.", file=sys.stderr)
        return EcgError("unreadable_file", error.strerror or "")
    try:
        facts = inspect_file(data, filename_suffix=path.suffix)
        if args.page > facts.pages:
            return EcgError("no_such_page", f"expected a page up to {facts.pages}. Received: {args.page}")
        picture = decode_picture(data, page=args.page - 1)
    except EcgError as error:
        return error
    if facts.pages > 1:
        print(f"{path}: page {args.page} of {facts.pages}; --page N reads another.", file=sys.stderr)
    return Request(picture, Told(lead=args.lead, speed_mm_s=args.speed))


def _outcome(path: Path, end: EcgResult | EcgError) -> dict[str, Any]:
    if isinstance(end, EcgResult):
        return {
            "file": str(path),
            "state": str(OUTCOME_OF_CODE[end.reason]) if end.reason else "done",
            "reason": _reason(end.reason) if end.reason else None,
            "kind": end.kind,
            "prediction": prediction_dict(end),
        }
    return {
        "file": str(path),
        "state": str(end.outcome),
        "reason": _reason(end.code),
        "kind": end.kind,
        "prediction": None,
    }


def _reason(code: str) -> dict[str, str]:
    return {"code": code, "sentence": " ".join(REASONS[code])}


def _readable(outcome: dict[str, Any]) -> str:
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


if __name__ == "__main__":
    sys.exit(main())
