"""Where the ground beside the paper is seen, its dark edge is not read as the trace."""

import dataclasses

import numpy as np
import pytest

from tests.worker import drawings
from worker.generator.levels import level_named
from worker.generator.picture import strip_picture
from worker.image.decode import decode_picture
from worker.image.paper_edge import without_paper_edge
from worker.image.read import read_picture
from worker.image.trace import best_path, runs_of


def ink(*, edge: bool = False, start: int = 40, stop: int = 760) -> np.ndarray:
    mask = np.zeros((200, 800), bool)
    mask[120:124, start:stop] = True
    if edge:
        mask[8:12, 0:140] = True
    return mask


def way(mask: np.ndarray):
    runs = runs_of(mask)
    return runs.taken(best_path(runs, mask.shape[1]))


def test_an_edge_that_the_way_jumps_to_is_left_out():
    mask = ink(edge=True)
    assert way(mask).top.min() == 8, "expected a way that ends on the edge"
    left = without_paper_edge(mask, way(mask))
    assert np.array_equal(left, ink())
    assert without_paper_edge(left, way(left)) is None


def test_ink_that_is_all_there_is_in_its_columns_stays():
    mask = ink(edge=True, start=150)
    assert without_paper_edge(mask, way(mask)) is None


@pytest.mark.parametrize("seed", range(4))
def test_a_strip_on_a_table_is_read_from_its_first_to_its_last_beat(seed):
    ecg = drawings.made_up_ecg(np.random.default_rng(3), seconds=6.0)
    level = dataclasses.replace(level_named("photo"), table=1.0, table_mm=(2.0, 4.0), shadow=0.0, crease=0.0)
    drawn = strip_picture(ecg.mv, ecg.fs, level=level, rng=np.random.default_rng(seed))
    reading = read_picture(decode_picture(drawn.data))
    whole = ecg.r_s[(ecg.r_s > 0.2) & (ecg.r_s < 5.8)]
    expected = drawn.trace_px[np.round(whole * ecg.fs).astype(int), 0]
    near = 0.15 * 25 * drawn.px_per_mm_x
    assert all(np.abs(reading.answered[0].r_peaks_px[:, 0] - x).min() < near for x in expected)
    assert len(reading.answered[0].r_peaks) <= len(ecg.r_s)
