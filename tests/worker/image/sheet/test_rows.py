import numpy as np
import pytest

from tests.worker.image.sheet.pages import drawn
from worker.image.decode import decode_picture
from worker.image.ink import grid_map, work_copy
from worker.image.sheet.ink import curve_ink
from worker.image.sheet.paper_map import MAJOR_MM, flattened
from worker.image.sheet.rows import rows_traced
from worker.image.sheet.spectral_maps import paper_map

PX_PER_MM = 5.0


def rows_of(picture):
    copy = work_copy(decode_picture(picture.data))
    flat = flattened(copy.rgb, paper_map(grid_map(copy)), px_per_line=MAJOR_MM * PX_PER_MM)
    rows = rows_traced(curve_ink(flat), PX_PER_MM)
    truth = [flat.from_picture(row.trace_px * copy.scale) for row in picture.rows]
    return rows, truth


@pytest.mark.parametrize(
    ("level", "seed", "layout"), [("scan", 1, "3x4"), ("photo-light", 2, "6x2"), ("photo", 3, "3x4+1")]
)
def test_every_row_is_followed_at_its_height(level, seed, layout):
    picture = drawn(level, seed, layout)
    rows, truth = rows_of(picture)
    for points, row in zip(truth, picture.rows, strict=True):
        # Lines of text may be rows as well here; the row reader finds no curve in them.
        rest = np.median(points[:, 1])
        trace = min(rows, key=lambda found, rest=rest: abs(found.rest_px - rest)).trace
        found = np.interp(points[:, 0] - 0.5, trace.left + np.arange(trace.width), trace.y) + 0.5
        level_part = np.abs(row.signal_mv) < 0.02
        assert np.median(np.abs(found - points[:, 1])[level_part]) < 0.3 * PX_PER_MM


def test_empty_paper_has_no_rows():
    assert rows_traced(np.zeros((300, 500), np.float32), PX_PER_MM) == []


def test_a_wave_between_two_rows_belongs_to_the_row_that_it_hangs_together_with():
    ink = np.zeros((200, 600), np.float32)
    ink[60, 20:580] = 1
    ink[140, 20:580] = 1
    ink[75:141, 300:303] = 1  # an upstroke of the lower row that nearly touches the upper one
    upper, lower = rows_traced(ink, PX_PER_MM)
    assert np.ptp(upper.trace.y) < 2
    assert lower.trace.y.min() < 90
