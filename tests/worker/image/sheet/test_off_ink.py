import numpy as np

from worker.image.sheet.off_ink import off_ink

WIDTH = 400
LEVEL = 20


def curve():
    return np.stack([np.arange(WIDTH) + 0.5, np.full(WIDTH, LEVEL + 0.5)], axis=1)


def inked(first, last):
    ink = np.zeros((40, WIDTH), np.float32)
    ink[LEVEL - 1 : LEVEL + 2, first:last] = 0.9
    return ink


def test_a_curve_without_ink_of_its_own_is_lost():
    found = off_ink(inked(0, 250), curve())
    assert not found[:240].any()
    assert found[265:].all()


def test_where_a_line_is_crossed_nothing_is_lost():
    ink = inked(0, WIDTH)
    ink[:, 100:108] = 0
    assert not off_ink(ink, curve()).any()


def test_what_was_not_seen_is_not_lost_again_and_ink_beside_counts():
    unseen = curve()
    unseen[:, 1] = np.nan
    assert not off_ink(np.zeros((40, WIDTH), np.float32), unseen).any()
    assert not off_ink(inked(0, WIDTH), curve() - (0, 2)).any()
    assert off_ink(inked(0, WIDTH), np.empty((0, 2))).size == 0


def test_what_was_read_between_two_gaps_stays():
    broken = curve()
    broken[np.r_[100:113, 124:137], 1] = np.nan
    assert not off_ink(inked(0, WIDTH), broken).any()


def test_a_sheet_of_one_row_of_pixels_is_no_fault():
    assert not off_ink(np.ones((1, WIDTH), np.float32), curve() - (0, LEVEL)).any()
