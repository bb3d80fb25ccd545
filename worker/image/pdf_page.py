"""Draws one page of a PDF in a process of its own: ``python -m worker.image.pdf_page PAGE MAX_PIXELS < file.pdf``.

A page may unpack to gigabytes or keep pdfium busy for hours, and its parser is the largest target that a file can
attack. Here it has little memory and time, and takes nobody down with it. Only pdfium and Pillow are imported.
"""

import json
import os
import resource
import signal
import subprocess
import sys
from pathlib import Path
from typing import Final

from PIL import Image

from worker.errors import EcgError
from worker.image.pdf import render_pdf_page

MEMORY_BYTES: Final = 2 * 1024**3  # a page of 40 megapixels takes a quarter of it
CPU_S: Final = 30
PATIENCE_S: Final = 40
_ROOT: Final = Path(__file__).resolve().parents[2]


def draw_pdf_page(data: bytes, page: int, max_pixels: int) -> Image.Image:
    """As ``render_pdf_page``, within limits; a page that needs more is ``undecodable``, or ends as ``timeout``."""
    try:
        drawn = subprocess.run(  # noqa: S603  our own program, with two numbers
            [sys.executable, "-m", "worker.image.pdf_page", str(page), str(max_pixels)],
            input=data,
            capture_output=True,
            timeout=PATIENCE_S,
            env={"PATH": os.defpath, "PYTHONPATH": str(_ROOT)},
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise EcgError("timeout", f"PDF page {page} was not drawn in {PATIENCE_S} s") from error
    if drawn.returncode == -signal.SIGXCPU:
        raise EcgError("timeout", f"PDF page {page} was not drawn in {CPU_S} s of computing")
    if drawn.returncode != 0:
        raise EcgError("undecodable", f"PDF page {page} cannot be drawn within {MEMORY_BYTES} bytes")
    head, _, pixels = drawn.stdout.partition(b"\n")
    said = json.loads(head)
    if "code" in said:
        raise EcgError(said["code"], said["detail"])
    return Image.frombytes("RGB", (said["width"], said["height"]), pixels)


def main(page: int, max_pixels: int) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    if sys.platform == "linux":  # elsewhere the system knows no such limit
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a memory image would hold the picture
    out = sys.stdout.buffer
    try:
        image = render_pdf_page(sys.stdin.buffer.read(), page, max_pixels)
    except EcgError as error:
        out.write(json.dumps({"code": error.code, "detail": error.detail}).encode() + b"\n")
    else:
        out.write(json.dumps({"width": image.width, "height": image.height}).encode() + b"\n")
        out.write(image.tobytes())


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
