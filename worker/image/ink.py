"""Paper and ink apart: how dark each pixel is against the paper around it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import cv2
import numpy as np

from worker.image.decode import Picture

WORK_LONG_SIDE_PX: Final = 2000
WORK_SHORT_WIDTH_PX: Final = 320  # narrower pictures are enlarged
MAX_ENLARGEMENT: Final = 4
_PAPER_LONG_SIDE_PX: Final = 400
_PAPER_KERNEL_PX: Final = 31
_BLACK: Final = 16.0  # of 255
_ALIKE: Final = 0.03  # of darkness, everywhere: less makes no other ink
_TELLING: Final = 100_000  # pixels whose median is that of all


@dataclass(frozen=True, eq=False)
class WorkCopy:
    """A bounded copy of the picture; ``scale`` is its pixels per pixel of the picture.

    Its darkness in the lightest and in the darkest channel, float32 [height, width], is found when first asked for.
    """

    rgb: np.ndarray  # uint8 [height, width, 3]
    scale: float

    @cached_property
    def dark_in_lightest(self) -> np.ndarray:
        return darkness_against_paper(lightest_channel(self.rgb))

    @cached_property
    def dark_in_darkest(self) -> np.ndarray:
        return darkness_against_paper(darkest_channel(self.rgb))


def work_copy(picture: Picture) -> WorkCopy:
    height, width = picture.rgb.shape[:2]
    scale = 1.0
    if max(height, width) > WORK_LONG_SIDE_PX:
        scale = WORK_LONG_SIDE_PX / max(height, width)
    elif width < WORK_SHORT_WIDTH_PX:
        scale = float(min(MAX_ENLARGEMENT, -(-WORK_SHORT_WIDTH_PX // width)))
    if scale == 1.0:
        return WorkCopy(np.ascontiguousarray(picture.rgb), 1.0)
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return WorkCopy(cv2.resize(picture.rgb, size, interpolation=how), scale)


def inverted(copy: WorkCopy) -> WorkCopy:
    return WorkCopy(dark_for_light(copy.rgb), copy.scale)


def dark_for_light(rgb: np.ndarray) -> np.ndarray:
    """A screen as if it were printed: without colours, so that a trace of any colour is dark."""
    return np.repeat(255 - lightest_channel(rgb)[..., None], 3, axis=2)


def lightest_channel(rgb: np.ndarray) -> np.ndarray:
    """The highest of each pixel's three values, shape (height, width, 3) to (height, width)."""
    red, green, blue = np.moveaxis(rgb, -1, 0)  # far faster than along the last axis
    return np.maximum(np.maximum(red, green), blue)


def darkest_channel(rgb: np.ndarray) -> np.ndarray:
    """The lowest of each pixel's three values, shape (height, width, 3) to (height, width)."""
    red, green, blue = np.moveaxis(rgb, -1, 0)
    return np.minimum(np.minimum(red, green), blue)


def darkness_against_paper(channel: np.ndarray) -> np.ndarray:
    """How much darker each pixel is than the paper near it.

    Parameters
    ----------
    channel : ndarray of uint8, shape (height, width)
        Larger is lighter.

    Returns
    -------
    ndarray of float32, shape (height, width)
        0 for paper to 1 for black on white; the paper's light and shade are divided out.  Where nothing near is
        lighter than black there is no paper, and it is 0.
    """
    height, width = channel.shape
    shrink = min(1.0, _PAPER_LONG_SIDE_PX / max(height, width))
    # Shrinking by area blurs thin lines into the paper, so the lightest of each block is kept instead.
    block = max(1, round(1 / shrink))
    light = cv2.dilate(channel, np.ones((block, block), np.uint8)) if block > 1 else channel
    size = (max(1, round(width * shrink)), max(1, round(height * shrink)))
    small = cv2.resize(light, size, interpolation=cv2.INTER_LINEAR)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (_PAPER_KERNEL_PX, _PAPER_KERNEL_PX))
    paper = cv2.morphologyEx(small, cv2.MORPH_CLOSE, kernel, borderType=cv2.BORDER_REPLICATE)
    paper = cv2.GaussianBlur(paper, (0, 0), _PAPER_KERNEL_PX / 4)
    paper = cv2.resize(paper, (width, height), interpolation=cv2.INTER_LINEAR).astype(np.float32)
    darkness = channel.astype(np.float32)
    darkness /= np.maximum(paper, _BLACK, out=paper)
    np.subtract(1.0, darkness, out=darkness)
    darkness -= max(0.0, _median_of_paper(darkness, paper))
    darkness[paper <= _BLACK] = 0.0  # no paper, and no ink on it
    return np.clip(darkness, 0.0, 1.0, out=darkness)


def _median_of_paper(darkness: np.ndarray, paper: np.ndarray) -> float:
    """Of pixels drawn by chance, always the same: every so many would meet a grid's lines, or miss them all.

    What is black all around, as where a page was turned, is no paper, however much of the picture it takes.
    """
    darkness, paper = darkness.ravel(), paper.ravel()
    if darkness.size > _TELLING:
        drawn = np.random.default_rng(0).integers(0, darkness.size, _TELLING)
        darkness, paper = darkness[drawn], paper[drawn]
    is_paper = paper > _BLACK
    return float(np.median(darkness[is_paper] if is_paper.any() else darkness))


def ink_maps(copy: WorkCopy) -> Iterator[np.ndarray]:
    """Darkness maps to look for a trace in, the likeliest first, each once.

    Coloured grids vanish in the lightest channel, where black ink stays; a coloured trace needs the luminance;
    a gray grid as dark as a thin trace needs its long straight lines taken out.
    """
    yield copy.dark_in_lightest
    luminance = darkness_against_paper(cv2.cvtColor(copy.rgb, cv2.COLOR_RGB2GRAY))
    if _unlike(luminance, copy.dark_in_lightest):  # there are colours
        yield luminance
    without_lines = _without_straight_lines(luminance)
    if _unlike(without_lines, luminance):
        yield without_lines


def _unlike(one: np.ndarray, other: np.ndarray) -> bool:
    return float(np.abs(one - other).max()) > _ALIKE


def grid_map(copy: WorkCopy) -> np.ndarray:
    """Darkness in the darkest channel, where pale coloured lines show most."""
    return copy.dark_in_darkest


def _without_straight_lines(darkness: np.ndarray) -> np.ndarray:
    height, width = darkness.shape
    # Nearly the whole height: a tall R wave is a straight line too.
    across = _opened_down(np.ascontiguousarray(darkness.T), max(25, width // 3)).T
    down = _opened_down(darkness, max(25, round(0.9 * height)))
    return np.clip(darkness - np.maximum(across, down), 0.0, 1.0)


def _opened_down(values: np.ndarray, length: int) -> np.ndarray:
    """OpenCV's opening by a standing line of ``length`` pixels, whose time does not grow with the line."""
    return _highest_down(_lowest_down(values, length), length)


def _lowest_down(values: np.ndarray, length: int) -> np.ndarray:
    return -_highest_down(-values, length)


def _highest_down(values: np.ndarray, length: int) -> np.ndarray:
    """The highest of the ``length`` values around each, along columns: of two, of twice as many, and so on."""
    before = length // 2
    padded = np.pad(values, ((before, length - 1 - before), (0, 0)), constant_values=-np.inf)
    reach = 1
    while reach < length:
        step = min(reach, length - reach)
        padded = np.maximum(padded[:-step], padded[step:])
        reach += step
    return padded
