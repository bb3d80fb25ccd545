"""How long reading takes on one core, and the memory that it takes above the loaded networks:

python -m tests.bench.bench_reading              # drawn pictures, nine of each kind of sheet
python -m tests.bench.bench_reading PICTURE ...  # your own
"""

import io
import multiprocessing
import sys
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median

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
SHEETS = 9


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


def sheets(level: str, megapixels: float) -> list[Make]:
    return [partial(sheet, level, megapixels, seed) for seed in range(SHEETS)]


def sheet(level: str, megapixels: float, seed: int) -> bytes:
    rng = np.random.default_rng(seed)
    ecg = drawings.made_up_ecg(rng)
    shares = rng.uniform(0.4, 1.2, len(STANDARD_LEADS)) * rng.choice([-1, 1], len(STANDARD_LEADS))
    leads = {lead: share * ecg.mv for lead, share in zip(STANDARD_LEADS, shares, strict=True)}
    drawn = sheet_picture(leads, ecg.fs, level=level, rng=rng, layout="3x4+1")
    return of_megapixels(decode_picture(drawn.data).rgb, megapixels)


def photo(width: int, height: int) -> bytes:
    rng = np.random.default_rng(0)
    smooth = cv2.resize(rng.normal(128, 60, (40, 60, 3)).astype(np.float32), (width, height))
    return jpeg(np.clip(smooth + rng.normal(0, 25, (height, width, 1)).astype(np.float32), 0, 255).astype(np.uint8))


DRAWN: dict[str, list[Make]] = {
    "strip, 1 MP": [partial(strip, 1)],
    "strip, 12 MP": [partial(strip, 12)],
    "noisy strip, 12 MP": [partial(strip, 12, noise=8)],
    "scanned sheets, 12 MP": sheets("scan", 12),
    "photographed sheets, 2 MP": sheets("photo", 2),
    "photographed sheets, 12 MP": sheets("photo", 12),
    "photographed sheet, 39 MP": [partial(sheet, "photo", 39, 0)],
    "noisy photo, 8 MP": [partial(photo, 3464, 2309)],
    "noisy photo, 40 MP": [partial(photo, 7745, 5164)],
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
    print(f"{'pictures':<28}{'decoded s':>10}{'read s, median':>16}{'most':>7}{'MB, most':>10}  ends")
    own = {Path(name).name: [Path(name).read_bytes] for name in sys.argv[1:]}
    with multiprocessing.get_context("spawn").Pool(1, maxtasksperchild=1) as pool:  # nothing is left from before
        for name, makes in (own or DRAWN).items():
            decoded, seconds, mb, ends = zip(*(pool.apply(measured, (make(),)) for make in makes), strict=True)
            most_mb = "" if None in mb else round(max(mb))
            print(
                f"{name:<28}{median(decoded):>10.2f}{median(seconds):>16.2f}{max(seconds):>7.2f}{most_mb:>10}"
                f"  {', '.join(f'{count} {end}' for end, count in Counter(ends).items())}",
                flush=True,
            )


if __name__ == "__main__":
    main()
