import numpy as np

from worker.image.sheet.edges import rows_without_edges
from worker.image.sheet.paper_map import FlatPaper
from worker.image.sheet.rows import RowTrace
from worker.image.trace import Trace


def row(height):
    y = np.full(600, float(height))
    return RowTrace(Trace(50, y, y - 1, y + 1, np.zeros(600, bool), 2.0), float(height), 1.0)


def flat(light_above, light_below, at=200):
    rgb = np.full((400, 700, 3), light_below, np.uint8)
    rgb[:at] = light_above
    return FlatPaper(rgb, np.ones((400, 700), bool), np.full(2, 25.0), np.zeros(2), None)


def test_where_the_paper_ends_is_no_row():
    assert rows_without_edges([row(200), row(300)], flat(110, 180))[0].rest_px == 300
    assert len(rows_without_edges([row(200)], flat(230, 20))) == 0


def test_a_row_along_a_fold_is_one():
    assert len(rows_without_edges([row(200)], flat(165, 190))) == 1


def test_a_row_that_only_begins_at_the_papers_end_is_one():
    page = flat(230, 20)
    page.rgb[:, 300:] = 230
    assert len(rows_without_edges([row(200)], page)) == 1


def test_where_the_picture_ends_is_no_row():
    page = flat(230, 230)
    page.seen[300:] = False
    assert [one.rest_px for one in rows_without_edges([row(200), row(298)], page)] == [200]
