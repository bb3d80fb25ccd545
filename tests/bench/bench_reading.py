"""How long reading takes on one core, and the memory that it takes above the loaded networks:

python -m tests.bench.bench_reading              # drawn pictures
python -m tests.bench.bench_reading PICTURE ...  # your own
"""

import io
import multiprocessing
import sys
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from tests.worker import drawings
from worker.ecg.leads import STANDARD_LEADS
from worker.errors import EcgError
from worker.generator.sheet_picture import sheet_picture
from worker.image.decode import decode_picture
from worker.image.read import read_picture
from worker.image.sight import readers
from worker.training.evaluation.digitising.memory import peak_above_start_mb, peak_reset, start_mb

Make = Callable[[], bytes]


def of_megapixels(rgb: np.ndarray, megapixels: float) -> bytes:
    scale = (megapixels * 1e6 / (rgb.shape[0] * rgb.shape[1])) ** 0.5
    return jpeg(cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_LINEAR))


def jpeg(rgb: np.ndarray) -> bytes:
    written = io.BytesIO()
    Image.fromarray(rgb).save(written, "JPEG", quality=90)
    return written.getvalue()


def strip(megapixels: float, noise: float = 0.0) -> bytes:
    rng = np.random.default_rng(0)
    rgb = drawings.paper_strip(drawings.made_up_ecg(rng), px_per_mm=8).rgb
    if noise:
        rgb = np.clip(rgb + rng.normal(0, noise, rgb.shape), 0, 255).astype(np.uint8)
    return of_megapixels(rgb, megapixels)


def sheet(level: str, megapixels: float) -> bytes:
    rng = np.random.default_rng(0)
    ecg = drawings.made_up_ecg(rng)
    shares = rng.uniform(0.4, 1.2, len(STANDARD_LEADS)) * rng.choice([-1, 1], len(STANDARD_LEADS))
    leads = {lead: share * ecg.mv for lead, share in zip(STANDARD_LEADS, shares, strict=True)}
    drawn = sheet_picture(leads, ecg.fs, level=level, rng=rng, layout="3x4+1")
    return of_megapixels(decode_picture(drawn.data).rgb, megapixels)


def photo(width: int, height: int) -> bytes:
    rng = np.random.default_rng(0)
    smooth = cv2.resize(rng.normal(128, 60, (40, 60, 3)).astype(np.float32), (width, height))
    return jpeg(np.clip(smooth + rng.normal(0, 25, (height, width, 1)).astype(np.float32), 0, 255).astype(np.uint8))


DRAWN: dict[str, Make] = {
    "strip, 1 MP": lambda: strip(1),
    "strip, 12 MP": lambda: strip(12),
    "noisy strip, 12 MP": lambda: strip(12, noise=8),
    "scanned sheet, 12 MP": lambda: sheet("scan", 12),
    "photographed sheet, 2 MP": lambda: sheet("photo", 2),
    "photographed sheet, 12 MP": lambda: sheet("photo", 12),
    "photographed sheet, 39 MP": lambda: sheet("photo", 39),
    "noisy photo, 8 MP": lambda: photo(3464, 2309),
    "noisy photo, 40 MP": lambda: photo(7745, 5164),
}


def measured(data: bytes) -> tuple[float, float, float | None, str]:
    """Seconds of decoding and of reading, MB above what was held before, and how it ended."""
    cv2.setNumThreads(1)
    readers()
    start_mb()
    peak_reset()
    start = time.process_time()
    picture = decode_picture(data)
    decoded = time.process_time()
    try:
        end = f"{len(read_picture(picture).boxes)} beats"
    except EcgError as error:
        end = error.code
    return decoded - start, time.process_time() - decoded, peak_above_start_mb(), end


def main() -> None:
    print(f"{'picture':<28}{'decoded s':>10}{'read s':>8}{'MB':>6}  end")
    pictures = {Path(name).name: Path(name).read_bytes for name in sys.argv[1:]} or DRAWN
    with multiprocessing.get_context("spawn").Pool(1, maxtasksperchild=1) as pool:  # nothing is left from before
        for name, make in pictures.items():
            decoded, seconds, mb, end = pool.apply(measured, (make(),))
            print(f"{name:<28}{decoded:>10.2f}{seconds:>8.2f}{'' if mb is None else round(mb):>6}  {end}", flush=True)


if __name__ == "__main__":
    main()
