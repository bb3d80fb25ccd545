"""PDFs are opened in a process of their own: ``python -m worker.image.pdf_apart look|draw … < file.pdf``.

A small file may unpack to gigabytes or keep pdfium busy for hours, and its parser is the largest target that a file
can attack. Here it has little memory and time, and takes nobody down with it. Only pdfium and Pillow are imported.
"""

import json
import os
import resource
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from PIL import Image

from worker.errors import EcgError
from worker.image.pdf import pdf_page_count, pdf_page_size, render_pdf_page

PATIENCE_S: Final = 40
_ROOT: Final = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Limits:
    memory_bytes: int
    cpu_s: int


LIMITS: Final = {
    "look": Limits(memory_bytes=1024**3, cpu_s=5),
    "draw": Limits(memory_bytes=2 * 1024**3, cpu_s=30),  # a page of 40 megapixels takes a quarter of it
}


def pdf_look(data: bytes, max_pixels: int) -> tuple[int, int, int]:
    """How many pages, and the width and height in pixels at which the first one is drawn."""
    said, _rest = _apart("look", [max_pixels], data)
    return said["pages"], said["width"], said["height"]


def draw_pdf_page(data: bytes, page: int, max_pixels: int) -> Image.Image:
    """As ``render_pdf_page``; a page that needs more than the limits is ``undecodable``, or ends as ``timeout``."""
    said, pixels = _apart("draw", [page, max_pixels], data)
    return Image.frombytes("RGB", (said["width"], said["height"]), pixels)


def _apart(what: str, numbers: list[int], data: bytes) -> tuple[dict[str, Any], bytes]:
    try:
        done = subprocess.run(  # noqa: S603  our own program, with numbers
            [sys.executable, "-m", "worker.image.pdf_apart", what, *map(str, numbers)],
            input=data,
            capture_output=True,
            timeout=PATIENCE_S,
            env={"PATH": os.defpath, "PYTHONPATH": str(_ROOT)},
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise EcgError("timeout", f"pdfium did not answer in {PATIENCE_S} s") from error
    if done.returncode == -signal.SIGXCPU:
        raise EcgError("timeout", f"pdfium used {LIMITS[what].cpu_s} s of computing")
    if done.returncode != 0:
        raise EcgError("undecodable", f"pdfium failed within {LIMITS[what].memory_bytes} bytes")
    head, _, rest = done.stdout.partition(b"\n")
    said = json.loads(head)
    if "code" in said:
        raise EcgError(said["code"], said["detail"])
    return said, rest


# --- In the process apart ---------------------------------------------------------------------------------------------
def main(what: str, *numbers: int) -> None:
    _limit(LIMITS[what])
    data = sys.stdin.buffer.read()
    try:
        answer, pixels = _look(data, *numbers) if what == "look" else _draw(data, *numbers)
    except EcgError as error:
        answer, pixels = {"code": error.code, "detail": error.detail}, b""
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + pixels)


def _limit(limits: Limits) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_s, limits.cpu_s))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a memory image would hold the picture
    if sys.platform == "linux":  # elsewhere the system knows no such limit
        resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))


def _look(data: bytes, max_pixels: int) -> tuple[dict[str, Any], bytes]:
    pages = pdf_page_count(data)
    width, height = pdf_page_size(data, 0, max_pixels) if pages else (0, 0)
    return {"pages": pages, "width": width, "height": height}, b""


def _draw(data: bytes, page: int, max_pixels: int) -> tuple[dict[str, Any], bytes]:
    image = render_pdf_page(data, page, max_pixels)
    return {"width": image.width, "height": image.height}, image.tobytes()


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
