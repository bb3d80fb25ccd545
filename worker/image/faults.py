"""What went wrong when a picture was taken, measured on its bounded copy and named only where it is plain.

The limits separate drawn pictures that fail for one fault from those that fail for another (``python -m worker.training
failure-reasons``; docs/digitising.md has the figures).  What lies between keeps the reason that the reader gave.
"""

from collections.abc import Callable, Collection, Iterator
from typing import Final

import cv2
import numpy as np

from worker.errors import KIND_OF_CODE, EcgError
from worker.image.ink import WorkCopy, darkness_against_paper, grid_map
from worker.image.layout import MIN_INK_LEVEL, ink_level
from worker.image.sheet.phase import exact_map

EXPLAINABLE: Final = frozenset({"trace_unclear", "no_grid", "no_beats_found"})

MAX_SMEAR_PX: Final = 1.9
MIN_LIGHT: Final = 50.0
MAX_GLARE: Final = 0.02
MAX_CUT_STROKES: Final = 3

_FINE_PX, _COARSE_PX = 1.0, 2.0  # sigmas that slopes are measured after
_DIRECTIONS_DEG: Final = (0.0, 45.0, 90.0, 135.0)
_STEEPEST: Final = 0.01  # of the slopes
_LEAST_EDGES: Final = 800  # pixels: fewer are a wobble of one line
_FEW: Final = 3

_WHITE: Final = 252
_SMALL_PX: Final = 400  # longer side, where areas are looked for
_SPOT_PX: Final = 9
_RIM_PX: Final = (3, 9)
_MOST_GLARE: Final = 0.7  # a picture nearly all white is a white page
_RIM_LIGHT: Final = 235.0  # of 255
_PAPER_LIGHT: Final = 100.0
_FALLS_BY: Final = 8.0  # from a reflection's rim to the paper elsewhere: printed white ends at once

_LEAST_PAGE: Final = 0.06  # of the picture
_LEAST_FILLED: Final = 0.85  # of the smallest rectangle around a page
_GROUND_DARKER_BY: Final = 40.0

_MOST_INK: Final = 0.3
_CURVE_WIDTH: Final = 0.05  # of the picture's
_CURVE_LIES: Final = 1.5  # width against height
_MOST_OF_EDGE: Final = 0.3
_LIGHT: Final = 0.8  # quantile of a row's levels that is paper between lines and curves
_PAPER_AT_EDGE: Final = 0.8  # of the paper's light elsewhere: a table with a pattern has strokes, too, and is darker


def explained(error: EcgError, copy: WorkCopy, *, has_squares: bool) -> EcgError:
    """The same end under the code of the fault that explains it, or as it is where none does.

    Parameters
    ----------
    error : EcgError
        Why a picture was not read.
    copy : WorkCopy
        Of that picture.
    has_squares : bool
        Whether an ECG paper's squares were found in it: what has them is an ECG to a person, though none to the reader.
    """
    code = fault_of(copy.rgb, among=_told_of(error, has_squares))
    if code is None:
        return error
    kind = None if error.kind == KIND_OF_CODE["not_an_ecg"] else error.kind
    return EcgError(code, f"{error.code}: {error.detail}", kind=kind, found=error.found)


def _told_of(error: EcgError, has_squares: bool) -> Collection[str]:
    """Which faults may explain an end: a screen is dark by itself, and lines run out of charts on squared paper."""
    if error.code == "not_an_ecg":
        return FAULTS - {"cut_off"} if has_squares else ()
    if error.code not in EXPLAINABLE:
        return ()
    return {"blurred"} if error.kind == "screen" else FAULTS


def fault_of(rgb: np.ndarray, *, among: Collection[str] | None = None) -> str | None:
    """The code of the fault that a picture, uint8 ``[height, width, 3]``, plainly shows, or None.

    Of several the one that hides most; ``among`` names those that are looked for, all without.
    """
    asked = FAULTS if among is None else among
    return next((code for code, shows in _SHOWN.items() if code in asked and shows(rgb)), None)


def smear_px(rgb: np.ndarray) -> float:
    """How far the steepest edges are smeared, in the direction in which they are smeared most.

    By how much further smoothing flattens them: the sigma of a Gaussian in pixels, shape (height, width, 3) to a
    number; 0 is sharp.  Zhuo and Sim, Pattern Recognition 44(9), 2011.
    """
    gray = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY).astype(np.float32)
    fine, coarse = _slopes(gray, _FINE_PX), _slopes(gray, _COARSE_PX)
    steepness, flattened = np.hypot(*fine), np.hypot(*coarse)
    direction = np.degrees(np.arctan2(fine[1], fine[0]))
    return max(_smear_along(at, direction, steepness, flattened) for at in _DIRECTIONS_DEG)


def _smear_along(at_deg: float, direction: np.ndarray, steepness: np.ndarray, flattened: np.ndarray) -> float:
    along = np.abs((direction - at_deg + 90) % 180 - 90) < 22.5
    count = max(_LEAST_EDGES, round(_STEEPEST * int(along.sum())))
    if along.sum() < _FEW * count:
        return 0.0
    steepest = np.argpartition(steepness[along], -count)[-count:]
    ratio = float(steepness[along][steepest].mean() / max(flattened[along][steepest].mean(), 1e-6)) ** 2
    if ratio <= 1.0:
        return 0.0
    return float(np.sqrt(max(0.0, (_COARSE_PX**2 - ratio * _FINE_PX**2) / (ratio - 1.0))))


def _slopes(gray: np.ndarray, sigma_px: float) -> tuple[np.ndarray, np.ndarray]:
    smooth = cv2.GaussianBlur(gray, (0, 0), sigma_px)
    return cv2.Sobel(smooth, cv2.CV_32F, 1, 0), cv2.Sobel(smooth, cv2.CV_32F, 0, 1)


def lightest(rgb: np.ndarray) -> float:
    """The level, 0 to 255, that hardly anything in a picture exceeds."""
    return float(np.quantile(cv2.GaussianBlur(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), (0, 0), 1.0), 0.999))


def glare_share(rgb: np.ndarray) -> float:
    """The share of a picture that one reflection has blown out: white, with a rim that fades into darker paper."""
    darkest = rgb.min(axis=2)
    size = _small_size(darkest, _SMALL_PX)
    white = (cv2.resize(darkest, size, interpolation=cv2.INTER_AREA) >= _WHITE).astype(np.uint8)
    spots = cv2.morphologyEx(white, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (_SPOT_PX,) * 2))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(spots)
    if len(stats) < 2:
        return 0.0
    spot = (labels == 1 + stats[1:, cv2.CC_STAT_AREA].argmax()).astype(np.uint8)
    around = [cv2.dilate(spot, np.ones((2 * px + 1,) * 2, np.uint8)).astype(bool) for px in (1, *_RIM_PX)]
    paper = _paper(darkest, size)
    rim, elsewhere = paper[around[1] & ~around[0]], paper[~around[2]]
    share = float(spot.mean())
    if rim.size == 0 or elsewhere.size == 0 or share > _MOST_GLARE:
        return 0.0
    rim_light, light = float(np.median(rim)), float(np.median(elsewhere))
    fades = rim_light >= _RIM_LIGHT and light >= _PAPER_LIGHT and rim_light - light >= _FALLS_BY
    return share if fades else 0.0


def squared_pages(rgb: np.ndarray) -> int:
    """How many separate papers with an ECG's squares lie on a darker ground."""
    return sum(exact_map(grid_map(WorkCopy(page, 1.0))) is not None for page in pages(rgb))


def pages(rgb: np.ndarray) -> Iterator[np.ndarray]:
    """The parts of a picture that show separate papers; none where there is no darker ground between them."""
    lightness = rgb.max(axis=2)
    size = _small_size(lightness, _SMALL_PX)
    paper = cv2.GaussianBlur(_paper(lightness, size), (0, 0), 1.0)
    _, mask = cv2.threshold(paper, 0, 1, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    is_paper = mask > 0
    if is_paper.all() or not is_paper.any():
        return
    if np.median(paper[is_paper]) - np.median(paper[~is_paper]) < _GROUND_DARKER_BY:
        return
    mask = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask)
    boxes = [tuple(stat[:4]) for label, stat in enumerate(stats) if label and _is_page(labels == label)]
    if len(boxes) < 2:
        return
    scale = rgb.shape[1] / size[0]
    for left, top, width, height in boxes:
        x, y = (
            slice(int(left * scale), int((left + width) * scale)),
            slice(int(top * scale), int((top + height) * scale)),
        )
        yield np.ascontiguousarray(rgb[y, x])


def _is_page(part: np.ndarray) -> bool:
    if part.mean() < _LEAST_PAGE:
        return False
    _, (width, height), _ = cv2.minAreaRect(np.argwhere(part).astype(np.float32))
    return bool(part.sum() >= _LEAST_FILLED * (width + 1) * (height + 1))


def cut_strokes(rgb: np.ndarray) -> int:
    """How often a curve runs out of the upper or of the lower edge; 0 where the paper's own lines cross both."""
    light = rgb.max(axis=2)
    darkness = darkness_against_paper(light)
    level = max(ink_level(darkness), 0.5 * float(np.quantile(darkness, 0.9995)))
    ink = darkness > 0.5 * level
    if level < MIN_INK_LEVEL or ink.mean() > _MOST_INK:
        return 0
    _, labels, stats, _ = cv2.connectedComponentsWithStats(cv2.dilate(ink.astype(np.uint8), np.ones((3, 3), np.uint8)))
    width, height = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    is_curve = (width > _CURVE_WIDTH * rgb.shape[1]) & (width > _CURVE_LIES * height)
    is_curve[0] = False
    met = {at: is_curve[labels[at]] for at in (0, -1)}
    if all(edge.any() for edge in met.values()):
        return 0
    paper = _PAPER_AT_EDGE * float(np.quantile(light[::3, ::3], _LIGHT))
    return max(_runs(edge) if np.quantile(light[at], _LIGHT) >= paper else 0 for at, edge in met.items())


def _runs(on: np.ndarray) -> int:
    if on.mean() > _MOST_OF_EDGE:  # an edge of paper, or a shadow
        return 0
    return int((np.diff(on.astype(np.int8), prepend=0) == 1).sum())


def _paper(channel: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """The light of the paper between its lines, in a small copy."""
    block = max(1, round(channel.shape[1] / size[0]))
    light = cv2.resize(cv2.dilate(channel, np.ones((block, block), np.uint8)), size, interpolation=cv2.INTER_AREA)
    return cv2.morphologyEx(light, cv2.MORPH_CLOSE, np.ones((7, 7), np.uint8), borderType=cv2.BORDER_REPLICATE)


def _small_size(channel: np.ndarray, longer_side: int) -> tuple[int, int]:
    scale = min(1.0, longer_side / max(channel.shape))
    return max(1, round(channel.shape[1] * scale)), max(1, round(channel.shape[0] * scale))


# What hides most comes first.
_SHOWN: Final[dict[str, Callable[[np.ndarray], bool]]] = {
    "several_pages": lambda rgb: squared_pages(rgb) > 1,
    "too_dark": lambda rgb: lightest(rgb) < MIN_LIGHT,
    "glare": lambda rgb: glare_share(rgb) > MAX_GLARE,
    "cut_off": lambda rgb: cut_strokes(rgb) > MAX_CUT_STROKES,
    "blurred": lambda rgb: smear_px(rgb) > MAX_SMEAR_PX,
}
FAULTS: Final = frozenset(_SHOWN)
