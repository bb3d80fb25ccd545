from types import SimpleNamespace

import numpy as np
import pytest

from worker.image.sheet.curve import LeadCurve
from worker.image.sheet.cut import columns_by_lines

HEIGHT, WIDTH, REST = 120, 1600, 60
PLACES = (400, 800, 1200)


def sheet(rows, with_lines):
    """Whole rows at rest; lines, 4 mm above and below, stand between four columns of some."""
    darkness = np.zeros((rows * HEIGHT, WIDTH), np.float32)
    curves = []
    for row in range(rows):
        rest = REST + row * HEIGHT
        darkness[rest] = 0.8
        for at in PLACES if row in with_lines else ():
            darkness[rest - 16 : rest + 17, at : at + 4] = 0.8
        flat_px = np.stack([np.arange(WIDTH) + 0.5, np.full(WIDTH, rest + 0.5)], axis=1)
        curves.append(LeadCurve(None, None, row, 0, 0.0, np.zeros(WIDTH), 1.0, flat_px, np.zeros(WIDTH, bool)))
    return SimpleNamespace(curves=tuple(curves), darkness=darkness)


@pytest.mark.parametrize(
    ("rows", "with_lines", "expected"),
    [
        (3, {0, 1, 2}, [4, 4, 4]),
        (5, {0, 1, 2}, [4, 4, 4, 1, 1]),
        (4, {1, 2, 3}, [1, 4, 4, 4]),  # words above
        (5, {1, 2}, [4, 4, 4, 1, 1]),  # those of one row were not seen: strips stand below
        (5, {1}, []),
        (4, set(), []),
        (2, {0, 1}, []),
    ],
)
def test_three_rows_with_lines_between_them_have_four_columns(rows, with_lines, expected):
    assert columns_by_lines(sheet(rows, with_lines)) == expected
