import numpy as np
import pytest

from worker.image.sheet.off_ink import off_ink

WIDTH = 400
LEVEL = 20


def curve():
    return np.stack([np.arange(WIDTH) + 0.5, np.full(WIDTH, LEVEL + 0.5)], axis=1)


def off(ink, xy_px, darkness=None):
    """Without darkness the paper's lines are far paler than the curve."""
    return off_ink(ink, xy_px, ink[..., None] * np.ones(3) if darkness is None else darkness, xy_px)


def inked(first, last):
    ink = np.zeros((40, WIDTH), np.float32)
    ink[LEVEL - 1 : LEVEL + 2, first:last] = 0.9
    return ink


def test_a_curve_without_ink_of_its_own_is_lost():
    found = off(inked(0, 250), curve())
    assert not found[:240].any()
    assert found[265:].all()


def test_where_a_line_is_crossed_nothing_is_lost():
    ink = inked(0, WIDTH)
    ink[:, 100:108] = 0
    assert not off(ink, curve()).any()


def test_what_was_not_seen_is_not_lost_again_and_ink_beside_counts():
    unseen = curve()
    unseen[:, 1] = np.nan
    assert not off(np.zeros((40, WIDTH), np.float32), unseen).any()
    assert not off(inked(0, WIDTH), curve() - (0, 2)).any()
    assert off(inked(0, WIDTH), np.empty((0, 2))).size == 0


def test_what_was_read_between_two_gaps_stays():
    broken = curve()
    broken[np.r_[100:113, 124:137], 1] = np.nan
    assert not off(inked(0, WIDTH), broken).any()


def test_a_sheet_of_one_row_of_pixels_is_no_fault():
    assert not off(np.ones((1, WIDTH), np.float32), curve() - (0, LEVEL)).any()


@pytest.mark.parametrize(
    ("line", "lost"),
    [((0.9, 0.9, 0.9), False), ((0.4, 0.4, 0.4), True), ((0.9, 0.6, 0.1), True)],
    ids=["as dark as the curve", "paler", "of another colour"],
)
def test_a_curve_may_rest_on_a_line_as_dark_as_itself(line, lost):
    darkness = np.zeros((40, WIDTH, 3), np.float32)
    darkness[LEVEL - 1 : LEVEL + 2] = line
    darkness[LEVEL - 1 : LEVEL + 2, :150] = 0.9
    assert off(inked(0, 150), curve(), darkness)[165:].all() == lost
    assert off(inked(0, 150), curve(), darkness).any() == lost


def test_on_a_line_far_from_its_resting_level_a_curve_is_lost():
    darkness = np.full((40, WIDTH, 3), 0.9, np.float32)
    leaps = curve()
    leaps[250:, 1] += 8
    assert off(inked(0, 200), leaps, darkness)[265:].all()
