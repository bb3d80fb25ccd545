"""Pictures named on the command line: their options, and their files opened."""

import argparse
import hashlib
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from worker.errors import EcgError
from worker.image.inspect import inspect_file
from worker.image.told import SECONDS_LIMITS
from worker.reasons import REASONS

if TYPE_CHECKING:
    from worker.pipeline import Request

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


@dataclass(frozen=True, slots=True)
class Opened:
    """A file that was asked for.

    ``request`` is what to read, or why there is nothing.  ``sha256`` is the file's, None where it cannot be read;
    ``pages`` is how many it has, as far as known, and ``page`` counts from 1.
    """

    path: Path
    request: "Request | EcgError"
    sha256: str | None
    page: int = 1
    pages: int = 1


def add_picture_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("pictures", nargs="+", type=Path, metavar="PICTURE")
    parser.add_argument("--lead", help="such as II or V1, of a picture with one lead")
    parser.add_argument("--speed", type=_positive, metavar="MM_S", help="paper speed; found, else 25 mm/s is assumed")
    parser.add_argument("--gain", type=_positive, metavar="MM_MV", help="height of 1 mV; found, else 10 mm is assumed")
    parser.add_argument(
        "--seconds", type=_seconds, metavar="S", help="that the rows last from end to end, where there are no squares"
    )
    parser.add_argument("--page", type=_page, default=1, help="page of a PDF, TIFF or GIF, from 1")


def _positive(text: str) -> float:
    value = float(text)
    if not 0 < value < float("inf"):
        raise argparse.ArgumentTypeError(f"expected more than 0. Received: {text}")
    return value


def _seconds(text: str) -> float:
    least, most = SECONDS_LIMITS
    value = float(text)
    if not least <= value <= most:
        raise argparse.ArgumentTypeError(f"expected {least:g} to {most:g}. Received: {text}")
    return value


def _page(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"expected a page from 1 on. Received: {text}")
    return value


def opened(path: Path, args: argparse.Namespace) -> Opened:
    """Open one file as the options say; what is wrong with it stands in its ``request``."""
    try:
        data = path.read_bytes()
    except OSError as error:
        print(f"{path}: the file cannot be read: {error.strerror}.", file=sys.stderr)
        return Opened(path, EcgError("unreadable_file", error.strerror or ""), None, args.page)
    sha256 = hashlib.sha256(data).hexdigest()
    try:
        request, pages = _request(path, data, args)
    except EcgError as error:
        return Opened(path, error, sha256, args.page)
    if pages > 1:
        print(f"{path}: page {args.page} of {pages}; --page N reads another.", file=sys.stderr)
    return Opened(path, request, sha256, args.page, pages)


def _request(path: Path, data: bytes, args: argparse.Namespace) -> "tuple[Request, int]":
    from worker.image.decode import decode_picture
    from worker.image.told import Told
    from worker.pipeline import Request

    facts = inspect_file(data, filename_suffix=path.suffix)
    if args.page > facts.pages:
        raise EcgError("no_such_page", f"expected a page up to {facts.pages}. Received: {args.page}")
    told = Told(lead=args.lead, speed_mm_s=args.speed, gain_mm_mv=args.gain, seconds_across=args.seconds)
    return Request(decode_picture(data, page=args.page - 1), told), facts.pages


def reason_dict(code: str) -> dict[str, str]:
    """Ready for JSON: the code of an end, and what it means."""
    return {"code": code, "sentence": " ".join(REASONS[code])}
