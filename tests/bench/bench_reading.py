"""How long reading takes on generated pictures:

python -m tests.bench.bench_reading
"""

import time

import cv2
import numpy as np

from tests.worker import drawings
from worker.errors import EcgError
from worker.image.decode import Picture
from worker.image.read import read_picture


def strip(width: int, height: int, noise: float) -> np.ndarray:
    rng = np.random.default_rng(0)
    drawn = drawings.paper_strip(drawings.made_up_ecg(rng), px_per_mm=8)
    rgb = cv2.resize(drawn.rgb, (width, height), interpolation=cv2.INTER_LINEAR)
    if noise:
        rgb = np.clip(rgb + rng.normal(0, noise, rgb.shape).astype(np.float32), 0, 255).astype(np.uint8)
    return rgb


def photo(width: int, height: int) -> np.ndarray:
    rng = np.random.default_rng(0)
    smooth = cv2.resize(rng.normal(128, 60, (40, 60, 3)).astype(np.float32), (width, height))
    return np.clip(smooth + rng.normal(0, 25, (height, width, 1)).astype(np.float32), 0, 255).astype(np.uint8)


PICTURES = {
    "strip, 1 MP": lambda: strip(2000, 500, 0),
    "strip, 12 MP": lambda: strip(6000, 2000, 0),
    "noisy strip, 12 MP": lambda: strip(6000, 2000, 8),
    "noisy photo, 8 MP": lambda: photo(3464, 2309),
    "noisy photo, 40 MP": lambda: photo(7745, 5164),
}


def main() -> None:
    print(f"{'picture':<22}{'seconds':>8}  end")
    for name, make in PICTURES.items():
        rgb = make()
        start = time.perf_counter()
        try:
            end = f"{len(read_picture(Picture(rgb)).boxes)} beats"
        except EcgError as error:
            end = error.code
        seconds = time.perf_counter() - start
        print(f"{name:<22}{seconds:>8.2f}  {end}")


if __name__ == "__main__":
    main()
