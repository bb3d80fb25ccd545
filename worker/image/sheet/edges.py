"""Rows that are none: where the picture ends, and where the paper does."""

from collections.abc import Iterable
from typing import Final

import cv2
import numpy as np

from worker.image.ink import lightest_channel
from worker.image.sheet.paper_map import FlatPaper
from worker.image.sheet.rows import RowTrace
from worker.image.sheet.sign_reader import PX_PER_MM

_LEAST_FROM_EDGE_MM: Final = 1.0
_BESIDE_MM: Final = 4.5
_STRIPE_MM: Final = 3.0
_NEARLY_ALL: Final = 0.8  # of a row's columns
_DARKER: Final = 0.8  # what lies beyond the paper, of its light; a fold's shade is far paler


def rows_without_edges(rows: Iterable[RowTrace], flat: FlatPaper) -> tuple[RowTrace, ...]:
    """Those rows of a flat sheet, at ``sign_reader.PX_PER_MM``, that rest on paper."""
    light = cv2.blur(lightest_channel(flat.rgb), (1, round(_STRIPE_MM * PX_PER_MM)))
    return tuple(row for row in rows if not (_is_end_of_picture(row, flat.seen) or _is_end_of_paper(row, light)))


def _is_end_of_picture(row: RowTrace, seen: np.ndarray) -> bool:
    shown = seen[:, row.trace.left : row.right]
    first, last = shown.argmax(axis=0), len(shown) - shown[::-1].argmax(axis=0)
    away = np.minimum(row.rest_px - first, last - row.rest_px)
    return bool(np.median(away[shown.any(axis=0)]) < _LEAST_FROM_EDGE_MM * PX_PER_MM)


def _is_end_of_paper(row: RowTrace, light: np.ndarray) -> bool:
    """Whether one side of a row is far darker than the other nearly all the way: the table, or a scanner's lid."""
    columns = np.arange(row.trace.left, row.right)
    height = np.round(row.trace.y).astype(int)
    beside = round(_BESIDE_MM * PX_PER_MM)
    above, below = (light[np.clip(height + off, 0, len(light) - 1), columns].astype(float) for off in (-beside, beside))
    darker = np.minimum(above / np.maximum(below, 1.0), below / np.maximum(above, 1.0))
    return bool(np.quantile(darker, _NEARLY_ALL) < _DARKER)
