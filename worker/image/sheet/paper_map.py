"""Where each pixel lies on the paper: turned, tilted and bent paper made straight by counting its own lines.

No corner has to be seen: two polynomials count the lines across and down the whole picture.
"""

from dataclasses import dataclass, replace
from typing import Final

import cv2
import numpy as np

from worker.image.sheet.bends import Bends

MAJOR_MM: Final = 5.0
MINOR_MM: Final = 1.0
_DEGREE: Final = 5
_CURL_DEGREE: Final = 9  # of powers of one direction alone
_NODE_PX: Final = 24
_STILL_PX: Final = 1e-3  # Newton's next step would be far shorter


@dataclass(frozen=True, slots=True, eq=False)
class PaperMap:
    """From pixels to lines of the paper, and back.

    ``across`` and ``down`` are polynomials in pixels over ``unit_px`` that count lines from the picture's upper left
    corner; ``bends`` are what these leave.  ``line_mm`` is what lies between two lines: 1 or 5 mm, or None where that
    is not told.  ``is_squared`` says whether lines were found at all, or only counted as if there were any.
    """

    across: np.ndarray
    down: np.ndarray
    unit_px: float
    width_px: int
    height_px: int
    line_mm: float | None
    strength: float
    is_squared: bool = True
    bends: Bends | None = None

    def lines(self, xy_px: np.ndarray) -> np.ndarray:
        """Lines across and down at pixels, shape (..., 2) to (..., 2)."""
        lines = self._unbent(xy_px)
        return lines if self.bends is None else lines + self.bends.at(lines)

    def _unbent(self, xy_px: np.ndarray) -> np.ndarray:
        x, y = _powers(xy_px / self.unit_px)
        return np.stack([_at(_by_powers(counted), x, y) for counted in (self.across, self.down)], axis=-1)

    def pixels(self, lines: np.ndarray) -> np.ndarray:
        """The inverse, by Newton's method from the picture's middle; far outside the picture it is not sure."""
        middle = np.array([self.width_px, self.height_px]) / 2
        wanted = lines.reshape(-1, 2)
        wanted = wanted if self.bends is None else self.bends.undone(wanted)
        step = _solved(self.slopes(middle)[None], self._unbent(middle) - wanted)
        found = np.clip(middle - step, -2 * middle, 4 * middle)
        moving = np.arange(len(wanted))
        for _ in range(11):
            xy = found[moving]
            step = _solved(self.slopes(xy), self._unbent(xy) - wanted[moving])
            found[moving] = np.clip(xy - step, -2 * middle, 4 * middle)
            moving = moving[np.abs(found[moving] - xy).max(axis=1) > _STILL_PX]
            if moving.size == 0:
                break
        return found.reshape(lines.shape)

    def slopes(self, xy_px: np.ndarray) -> np.ndarray:
        """Lines per pixel but for bends, shape (..., 2, 2): rows across and down, columns x and y."""
        x, y = _powers(xy_px / self.unit_px)
        squares = [_by_powers(counted) for counted in (self.across, self.down)]
        rows = [np.stack([_at(_derived(c), x, y), _at(_derived(c.T).T, x, y)], axis=-1) for c in squares]
        return np.stack(rows, axis=-2) / self.unit_px

    def reached(self) -> tuple[np.ndarray, np.ndarray]:
        """The first and the last lines across and down that the picture shows, each of shape (2,)."""
        x, y = np.meshgrid(np.linspace(0, self.width_px, 40), np.linspace(0, self.height_px, 40))
        lines = self.lines(np.stack([x, y], axis=-1)).reshape(-1, 2)
        return lines.min(axis=0), lines.max(axis=0)

    @property
    def line_px(self) -> tuple[float, float]:
        """Pixels between lines in the picture's middle, across and down."""
        middle = self.slopes(np.array([self.width_px, self.height_px]) / 2)
        return float(1 / np.linalg.norm(middle[0])), float(1 / np.linalg.norm(middle[1]))

    @property
    def squareness(self) -> float:
        """0 where lines are as far apart across as down: the logarithm of the ratio."""
        across, down = self.line_px
        return abs(float(np.log(across / down)))

    def told(self, line_mm: float) -> "PaperMap":
        return replace(self, line_mm=line_mm)


_POWERS: Final = (
    *((i, j) for i in range(_DEGREE + 1) for j in range(_DEGREE + 1 - i) if i + j),
    *((i, 0) for i in range(_DEGREE + 1, _CURL_DEGREE + 1)),
    *((0, j) for j in range(_DEGREE + 1, _CURL_DEGREE + 1)),
)
_OF_X, _OF_Y = np.array(_POWERS).T


def count_degrees() -> np.ndarray:
    """The degree of each of ``count_terms``; those of paper that curls one way come last."""
    return np.array([min(i + j, _DEGREE + 1) for i, j in _POWERS])


def term_of(across: int, down: int) -> int:
    """Where among ``count_terms`` a product of powers stands."""
    return _POWERS.index((across, down))


def count_terms(xy: np.ndarray) -> np.ndarray:
    """Powers of x and y, shape (..., 2) to (..., terms), without a constant: counts begin anywhere."""
    x, y = _powers(xy)
    return np.stack([x[..., i] * y[..., j] for i, j in _POWERS], axis=-1)


def count_slopes(xy: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What ``count_terms`` grow by across and down, each of shape (..., terms)."""
    x, y = _powers(xy)
    by_x = _OF_X * x[..., np.maximum(_OF_X - 1, 0)] * y[..., _OF_Y]
    by_y = _OF_Y * x[..., _OF_X] * y[..., np.maximum(_OF_Y - 1, 0)]
    return by_x, by_y


def _powers(xy: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of x and of y from 0, each of shape (..., powers): multiplied up, since raising is far slower."""
    powers = np.ones((*xy.shape, _CURL_DEGREE + 1))
    powers[..., 1:] = xy[..., None]
    np.multiply.accumulate(powers, axis=-1, out=powers)
    return powers[..., 0, :], powers[..., 1, :]


def _by_powers(counted: np.ndarray) -> np.ndarray:
    """A polynomial's coefficients by the power of x, rows, and of y, columns."""
    square = np.zeros((_CURL_DEGREE + 1, _CURL_DEGREE + 1))
    square[_OF_X, _OF_Y] = counted
    return square


def _derived(square: np.ndarray) -> np.ndarray:
    """The same by what rows are powers of."""
    return np.concatenate([square[1:] * np.arange(1, len(square))[:, None], np.zeros((1, len(square)))])


def _at(square: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """A polynomial where the powers of x and y are such."""
    return np.einsum("...i,...i", x @ square, y)


def _solved(slopes: np.ndarray, off: np.ndarray) -> np.ndarray:
    """Of two equations in two unknowns each, shapes (n, 2, 2) and (n, 2), the unknowns."""
    (a, b), (c, d) = np.moveaxis(slopes, 0, -1)
    return np.stack([d * off[:, 0] - b * off[:, 1], a * off[:, 1] - c * off[:, 0]], axis=-1) / (a * d - b * c)[:, None]


@dataclass(frozen=True, slots=True, eq=False)
class FlatPaper:
    """The picture as if photographed from straight above; ``px_per_line`` pixels between lines across and down.

    ``origin`` is the count of lines across and down at the upper left corner.
    """

    rgb: np.ndarray
    seen: np.ndarray  # bool [height, width]: inside the picture
    px_per_line: np.ndarray  # shape (2,)
    origin: np.ndarray
    paper: PaperMap

    def in_picture(self, xy_px: np.ndarray) -> np.ndarray:
        """Pixels of the flat picture to pixels of the picture, shape (n, 2)."""
        return self.paper.pixels(xy_px / self.px_per_line + self.origin)

    def from_picture(self, xy_px: np.ndarray) -> np.ndarray:
        """Pixels of the picture to pixels of the flat picture, shape (n, 2)."""
        return (self.paper.lines(xy_px) - self.origin) * self.px_per_line


def flattened(rgb: np.ndarray, paper: PaperMap, *, px_per_line: float | tuple[float, float]) -> FlatPaper:
    """Sample a picture on the paper's own squares.

    Parameters
    ----------
    rgb : ndarray of uint8, shape (height, width, 3)
        The picture that ``paper`` was found in.
    paper : PaperMap
    px_per_line : float or tuple of float
        Of the flat picture, or across and down.
    """
    scale = np.broadcast_to(np.asarray(px_per_line, float), 2)
    height, width = rgb.shape[:2]
    first, last = paper.reached()
    columns, rows = (int(n) for n in np.ceil((last - first) * scale))
    nodes_x = np.linspace(0, columns - 1, max(2, columns // _NODE_PX))
    nodes_y = np.linspace(0, rows - 1, max(2, rows // _NODE_PX))
    nodes = np.stack(np.meshgrid(nodes_x, nodes_y), axis=-1)
    there = paper.pixels((nodes + 0.5) / scale + first) - 0.5
    at_x, at_y = (spread(there[..., axis], columns, rows) for axis in (0, 1))
    flat = cv2.remap(rgb, at_x, at_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    seen = (at_x >= -0.5) & (at_x <= width - 0.5) & (at_y >= -0.5) & (at_y <= height - 0.5)
    return FlatPaper(flat, seen, scale, first, paper)


def spread(nodes: np.ndarray, columns: int, rows: int) -> np.ndarray:
    """Between nodes that stand on the first and the last pixel of each side."""
    down, across = _shares_of_nodes(nodes.shape[0], rows), _shares_of_nodes(nodes.shape[1], columns)
    return down @ nodes.astype(np.float32) @ across.T


def _shares_of_nodes(nodes: int, pixels: int) -> np.ndarray:
    """How much of each node a pixel between two of them takes, shape (pixels, nodes)."""
    at = np.linspace(0, nodes - 1, pixels, dtype=np.float32)
    return np.maximum(0, 1 - np.abs(at[:, None] - np.arange(nodes, dtype=np.float32)))
