import numpy as np
import pytest

from worker.image.sheet.curve import LeadCurve
from worker.image.sheet.separators import without_separators

REST = 60
LINE = 400  # where the second column begins, 8 px a millimetre
DIPS = slice(LINE, LINE + 6)


def page(*, has_line):
    """Three rows of two columns on 8 x 4 px a millimetre, level but for what follows the line between the columns."""
    darkness, curves = np.zeros((3 * 120, 800, 3), np.float32), []
    for row in range(3):
        rest = REST + row * 120
        darkness[rest, :] = 0.8
        if has_line:
            darkness[rest - 16 : rest + 17, LINE : LINE + 5] = 0.8
        for column, x in enumerate((np.arange(LINE), np.arange(LINE, 800))):
            height = np.zeros(x.size)
            if column:
                height[DIPS.start - LINE : DIPS.stop - LINE] = -4.0
            flat_px = np.stack([x + 0.5, rest + 0.5 - 4 * height], axis=1)
            curves.append(LeadCurve(None, None, row, column, x[0] / 8, height, 1.0, flat_px, np.zeros(x.size, bool)))
    return curves, darkness


def test_what_is_followed_down_a_line_between_columns_is_a_gap():
    found = without_separators(*page(has_line=True))
    for curve in found:
        expected = DIPS.stop - LINE if curve.column else 0
        assert np.isnan(curve.height_mm).sum() == expected
        assert np.nanmin(curve.height_mm) == pytest.approx(0.0)


def test_a_wave_where_a_column_begins_stays_where_no_line_is():
    found = without_separators(*page(has_line=False))
    assert not any(np.isnan(curve.height_mm).any() for curve in found)


def test_a_row_of_one_lead_runs_through():
    curves, darkness = page(has_line=True)
    strip = [curve for curve in curves if curve.row == 2 and not curve.column]
    found = without_separators([*(curve for curve in curves if curve.row < 2), *strip], darkness)
    assert found[-1] is strip[0]
