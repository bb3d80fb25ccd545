"""ECG pictures for tests: a made-up rhythm of Gaussian waves, drawn in the many ways that people draw them."""

import io
from dataclasses import dataclass

import cv2
import matplotlib
import numpy as np
from PIL import Image

matplotlib.use("Agg")
from matplotlib import pyplot as plt
from matplotlib.ticker import MultipleLocator

# Centre (s from R), width (s), height (mV)
NORMAL = ((-0.17, 0.022, 0.12), (-0.028, 0.009, -0.10), (0.0, 0.011, 1.1), (0.030, 0.010, -0.22), (0.26, 0.05, 0.28))
VENTRICULAR = ((-0.02, 0.035, 1.2), (0.075, 0.04, -0.5), (0.30, 0.07, -0.35))


@dataclass(frozen=True)
class Ecg:
    mv: np.ndarray
    fs: float
    r_s: np.ndarray

    @property
    def seconds(self) -> float:
        return len(self.mv) / self.fs


@dataclass(frozen=True, eq=False)
class Drawn:
    rgb: np.ndarray
    r_px: np.ndarray  # x of each R peak
    px_per_mm: float | None


def made_up_ecg(rng: np.random.Generator, seconds: float = 10.0, bpm: float = 72.0, ventricular: bool = False) -> Ecg:
    fs = 360.0
    t = np.arange(int(seconds * fs)) / fs
    mv = 0.05 * np.sin(2 * np.pi * (0.23 * t + rng.random())) + rng.normal(0, 0.008, len(t))
    at, r_s, index = rng.uniform(-0.2, 0.4), [], 0
    while at < seconds + 0.4:
        early = ventricular and index % 4 == 3
        peak = at - (0.3 * 60 / bpm if early else 0)
        for centre, width, height in VENTRICULAR if early else NORMAL:
            mv += height * np.exp(-0.5 * ((t - peak - centre) / width) ** 2)
        r_s.append(peak)
        at += 60 / bpm * rng.normal(1, 0.02)
        index += 1
    r_s = np.array(r_s)
    return Ecg(mv, fs, r_s[(r_s > 0) & (r_s < seconds)])


def one_beat(ecg: Ecg, index: int, before_s: float = 0.35, after_s: float = 0.5) -> Ecg:
    r = ecg.r_s[index]
    start, stop = max(0, int((r - before_s) * ecg.fs)), int((r + after_s) * ecg.fs)
    return Ecg(ecg.mv[start:stop], ecg.fs, np.array([r - start / ecg.fs]))


GRIDS = {
    "pink": ((250, 214, 208), (232, 167, 156)),
    "red": ((255, 190, 190), (240, 110, 110)),
    "orange": ((255, 225, 180), (245, 180, 110)),
    "green": ((205, 235, 205), (140, 200, 140)),
    "blue": ((205, 220, 250), (150, 175, 235)),
    "gray": ((225, 225, 225), (180, 180, 180)),
}


def paper_strip(
    ecg: Ecg,
    *,
    px_per_mm: float = 6.0,
    grid: str | None = "pink",
    line_px: int = 2,
    colour: tuple[int, int, int] = (20, 20, 20),
    label: str | None = "II",
    margin_mm: float = 2.0,
    majors_only: bool = False,
    gain_mm_mv: float = 10.0,
    speed_mm_s: float = 25.0,
) -> Drawn:
    """A strip on millimetre paper, drawn with anti-aliased lines."""
    low, high = ecg.mv.min() - 0.3, ecg.mv.max() + 0.6
    width = round((ecg.seconds * speed_mm_s + 2 * margin_mm) * px_per_mm)
    height = max(40, round((high - low) * gain_mm_mv * px_per_mm))
    image = np.full((height, width, 3), 255, np.uint8)
    if grid is not None:
        _rule(image, px_per_mm, GRIDS[grid], majors_only)
    x = (np.arange(len(ecg.mv)) / ecg.fs * speed_mm_s + margin_mm) * px_per_mm
    y = (high - ecg.mv) * gain_mm_mv * px_per_mm
    points = np.round(np.stack([x, y], axis=1) * 16).astype(np.int32).reshape(-1, 1, 2)
    cv2.polylines(image, [points], False, colour, line_px, cv2.LINE_AA, 4)
    if label:
        size = max(0.35, px_per_mm / 12)
        cv2.putText(
            image, label, (6, int(14 + 10 * size)), cv2.FONT_HERSHEY_SIMPLEX, size, (30, 30, 30), 1, cv2.LINE_AA
        )
    return Drawn(image, (ecg.r_s * speed_mm_s + margin_mm) * px_per_mm, px_per_mm if grid else None)


def _rule(image: np.ndarray, px_per_mm: float, colours, majors_only: bool) -> None:
    height, width = image.shape[:2]
    for major in (False, True):
        if majors_only and not major:
            continue
        step = px_per_mm * (5 if major else 1)
        for x in np.arange(0, width, step):
            cv2.line(image, (round(x), 0), (round(x), height - 1), colours[major], 1)
        for y in np.arange(0, height, step):
            cv2.line(image, (0, round(y)), (width - 1, round(y)), colours[major], 1)


def plotted(
    ecg: Ecg,
    *,
    inches: tuple[float, float] = (4.0, 3.0),
    dpi: int = 64,
    axes: bool = True,
    colour: str = "black",
    line: float = 1.0,
    title: str | None = None,
    ecg_grid: bool = False,
    plain_grid: bool = False,
) -> Drawn:
    """A plot as matplotlib makes it."""
    figure = plt.figure(figsize=inches, dpi=dpi)
    plot = figure.add_subplot() if axes else figure.add_axes((0, 0, 1, 1))
    t = np.arange(len(ecg.mv)) / ecg.fs
    plot.plot(t, ecg.mv, color=colour, linewidth=line)
    plot.margins(x=0 if not axes else 0.02)
    if not axes:
        plot.axis("off")
    if title:
        plot.set_title(title)
        plot.set_xlabel("Time (s)")
        plot.set_ylabel("mV")
    if ecg_grid:
        plot.xaxis.set_major_locator(MultipleLocator(0.2))
        plot.xaxis.set_minor_locator(MultipleLocator(0.04))
        plot.yaxis.set_major_locator(MultipleLocator(0.5))
        plot.yaxis.set_minor_locator(MultipleLocator(0.1))
        plot.grid(which="minor", color="#f6d5cf", linewidth=0.5)
        plot.grid(which="major", color="#e9a79c", linewidth=0.8)
        plot.tick_params(labelbottom=False, labelleft=False, which="both", length=0)
    elif plain_grid:
        plot.grid(True)
    figure.canvas.draw()
    at = plot.transData.transform(np.stack([ecg.r_s, np.zeros_like(ecg.r_s)], axis=1))[:, 0]
    rgb = np.asarray(figure.canvas.buffer_rgba())[..., :3].copy()
    plt.close(figure)
    return Drawn(rgb, at, None)


def recompressed(rgb: np.ndarray, quality: int = 70) -> np.ndarray:
    buffer = io.BytesIO()
    Image.fromarray(rgb).save(buffer, "JPEG", quality=quality)
    return np.asarray(Image.open(buffer).convert("RGB"))


def rotated(rgb: np.ndarray, degrees: float) -> np.ndarray:
    image = Image.fromarray(rgb)
    return np.asarray(image.rotate(degrees, Image.Resampling.BICUBIC, fillcolor=(255, 255, 255)))


def rescaled(rgb: np.ndarray, factor: float) -> np.ndarray:
    image = Image.fromarray(rgb)
    size = (max(1, round(image.width * factor)), max(1, round(image.height * factor)))
    return np.asarray(image.resize(size, Image.Resampling.LANCZOS))
