"""ECG pictures drawn from DS1 records in the many ways that people make them, to measure what the gate refuses."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final, Literal

import cv2
import numpy as np

from worker.ecg.beats import paper_window
from worker.training.pictures.demo_pictures import crop_drawn, strip_drawn
from worker.training.pictures.outliers import SEED
from worker.training.pictures.outliers.charts import figure_drawn
from worker.training.records import DS1, NOT_A_BEAT, Record, record_load

Half = Literal["tuning", "report"]
Rng = np.random.Generator
STYLES: Final = ("paper", "coloured paper", "bare strip", "chart", "crop", "crop with axes")
_TINTS: Final = ((1.0, 1.0, 1.0), (0.86, 1.0, 0.94), (0.88, 0.95, 1.06), (0.95, 0.97, 1.02))


def records_of(half: Half) -> tuple[str, ...]:
    """Every second DS1 record: what is chosen on some patients is reported on others."""
    return DS1[0 if half == "tuning" else 1 :: 2]


def ecg_pictures(data: Path, half: Half, each: int) -> Iterator[tuple[str, str, np.ndarray]]:
    """``each`` pictures of each record and style.

    Parameters
    ----------
    data : Path
    half : {"tuning", "report"}
    each : int

    Yields
    ------
    record, style : str
    pixels : ndarray of uint8, shape (height, width, 3)
    """
    for name in records_of(half):
        record = record_load(data, name)
        for style in STYLES:
            for number in range(each):
                rng = np.random.default_rng([SEED, number, int(name), *style.encode()])
                yield name, style, np.ascontiguousarray(ecg_pictured(record, style, rng))


def ecg_pictured(record: Record, style: str, rng: Rng) -> np.ndarray:
    """A stretch of a record, or one beat of it, in one of ``STYLES``."""
    if style in ("crop", "crop with axes"):
        return _handled(_crop(record, rng, axes=style == "crop with axes"), rng)
    seconds = float(rng.uniform(5, 12))
    length = int(seconds * record.fs)
    first = int(rng.integers(0, len(record.signals_mv) - length))
    trace = record.signal()[first : first + length].astype(np.float64)
    trace = trace * rng.uniform(0.8, 1.5)
    if style == "bare strip":
        return _handled(crop_drawn(trace, (int(seconds * rng.uniform(80, 180)), int(rng.integers(150, 350)))), rng)
    if style == "chart":
        t = np.arange(length) / record.fs
        inches = (float(rng.uniform(6, 12)), float(rng.uniform(2, 4)))
        colour = str(rng.choice(("black", "C0", "darkred")))
        return _handled(figure_drawn(lambda plot: plot.plot(t, trace, color=colour, linewidth=1), inches=inches), rng)
    pixels = strip_drawn(trace, record.fs, int(rng.integers(5, 12)))
    return _handled(_tinted(pixels, rng) if style == "coloured paper" else pixels, rng)


def _crop(record: Record, rng: Rng, *, axes: bool) -> np.ndarray:
    beats = np.flatnonzero(record.labels != NOT_A_BEAT)[1:-1]
    # Rare classes are beats like any other here: each class is drawn as often.
    label = rng.choice(np.unique(record.labels[beats]))
    index = int(rng.choice(beats[record.labels[beats] == label]))
    first, last = paper_window(int(record.samples[index - 1]), int(record.samples[index + 1]), record.fs)
    trace = record.signal()[first:last]
    if axes:
        return figure_drawn(lambda plot: plot.plot(trace, color="black", linewidth=1.2), inches=(4.0, 3.0))
    return crop_drawn(trace, (int(rng.integers(96, 400)), int(rng.integers(96, 300))))


def _tinted(pixels: np.ndarray, rng: Rng) -> np.ndarray:
    """Paper of another maker, on which a little light falls."""
    tinted = pixels * np.array(_TINTS[int(rng.integers(len(_TINTS)))])
    light = np.linspace(1.0, rng.uniform(0.8, 1.0), pixels.shape[1])[None, :, None]
    return np.clip(tinted * light, 0, 255).astype(np.uint8)


def _handled(pixels: np.ndarray, rng: Rng) -> np.ndarray:
    """Compressed as JPEG in half of the cases, and turned a little in a quarter."""
    if rng.random() < 0.25:
        height, width = pixels.shape[:2]
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), float(rng.uniform(-0.8, 0.8)), 1.0)
        ground = [int(v) for v in np.median(pixels.reshape(-1, 3), axis=0)]
        pixels = cv2.warpAffine(pixels, turn, (width, height), flags=cv2.INTER_LINEAR, borderValue=ground)
    if rng.random() < 0.5:
        quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(55, 95))]
        decoded = cv2.imdecode(cv2.imencode(".jpg", pixels[..., ::-1], quality)[1], cv2.IMREAD_COLOR)
        if decoded is None:
            raise RuntimeError("the picture could not be read back from JPEG")
        pixels = decoded[..., ::-1]
    return pixels
