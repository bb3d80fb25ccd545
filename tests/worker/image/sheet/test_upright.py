from dataclasses import dataclass

import numpy as np
import pytest

from worker.image.sheet.rows import RowTrace
from worker.image.sheet.sign_reader import SignSeen
from worker.image.sheet.upright import is_standing_strip, quarter_turns_of, rows_stand, side_of_strip, side_of_unread
from worker.image.trace import Trace


@dataclass
class Coarse:
    ink: np.ndarray
    darkness: np.ndarray
    signs: tuple
    rows: tuple = ()


class Signs:
    """Reads what stands at the corner that is up."""

    def __init__(self, by_corner):
        self.by_corner = by_corner

    def read(self, darkness):
        return signs(self.by_corner.get(int(darkness[0, 0, 0]), {}))


def signs(scores):
    return [SignSeen(sign.rstrip("'"), 0.0, 0.0, score) for sign, score in scores.items()]


def turns(rows_lie, upright, by_corner):
    """Of a page of which the corners are numbered clockwise: 1 is up."""
    ink = np.zeros((300, 300))
    ink[[50, 150, 250]] = 1
    sheet = Coarse(ink if rows_lie else ink.T, darkness_of_corners(), tuple(signs(upright)))
    return quarter_turns_of(sheet, Signs(by_corner))


def darkness_of_corners():
    darkness = np.zeros((300, 300, 3))
    darkness[0, 0], darkness[0, -1], darkness[-1, -1], darkness[-1, 0] = 1, 2, 3, 4
    return darkness


NAMES = {"I": 0.9, "II": 0.9, "V1": 0.9, "V2": 0.9, "V3": 0.9}


def test_names_that_can_be_read_say_which_way_is_up():
    assert turns(True, NAMES, {}) == 0
    assert turns(True, {}, {3: NAMES}) == 2
    assert turns(False, {}, {4: NAMES}) == 1
    assert turns(False, {}, {2: NAMES}) == 3


def test_pulses_tell_where_there_are_no_names():
    pulses = {"pulse": 1.0, "pulse'": 1.0, "pulse''": 0.95}
    letters_on_their_head = {"I": 0.77, "II": 0.57, "V1": 0.5, "pulse": 0.4}
    assert turns(True, pulses, {3: letters_on_their_head}) == 0
    assert turns(True, letters_on_their_head, {3: pulses}) == 2
    lying = dict.fromkeys(pulses, 0.75)
    assert turns(True, letters_on_their_head, {3: lying}) == 0


def test_names_are_believed_before_rows_that_seem_to_stand():
    assert turns(False, NAMES, {}) == 0


def test_a_few_names_are_believed_where_more_can_be_read_upright_than_on_either_side():
    assert turns(False, {"I": 0.9, "II": 0.9}, {4: {"V1": 0.5}}) == 0
    assert turns(False, {"I": 0.9, "II": 0.9}, {4: {"V1": 0.9}}) == 1


def test_pulses_and_scales_count_where_letters_are_small():
    on_its_head = {"III": 0.8, "aVF": 0.7, "V6": 0.6}
    assert turns(True, on_its_head, {3: {"V1": 0.6, "aVL": 0.6, "aVR": 0.4, "pulse": 0.9, "25 mm/s": 0.7}}) == 2


def test_the_same_letter_again_and_again_is_one_sign():
    assert turns(True, {"V1": 0.9}, {3: {"III": 0.9, "III'": 0.9, "III''": 0.9, "III'''": 0.9}}) == 0


def test_without_any_sign_a_page_lies_as_its_rows_do_but_nobody_knows_a_side():
    assert turns(True, {}, {}) == 0
    assert turns(False, {}, {}) is None
    assert turns(False, {}, {2: {"V1": 0.7}, 4: {"V1": 0.9}}) is None


def test_high_waves_of_a_low_strip_are_no_rows_that_stand():
    ink = np.zeros((200, 1250))
    ink[:, ::100] = 1
    assert not rows_stand(Coarse(ink, np.zeros((200, 1250, 3)), ()))
    assert rows_stand(Coarse(np.repeat(ink, 3, axis=0), np.zeros((600, 1250, 3)), ()))


def test_a_strip_three_times_as_long_as_high_does_not_stand():
    ink = np.zeros((350, 1300))
    ink[:, [200, 600, 1000]] = 1  # steep waves, and a level line too noisy to stand out
    upright, wide = Coarse(ink[:, :1000], ink, ()), Coarse(ink, ink, ())
    assert rows_stand(upright)
    assert not rows_stand(wide)


def row(y, left=20):
    nothing = np.zeros(len(y), bool)
    return RowTrace(Trace(left, y, y - 1, y + 1, nothing, 2.0), float(np.median(y)), 1.0)


def test_a_curve_from_side_to_side_says_that_rows_lie():
    ink = np.zeros((600, 800))
    ink[:, [200, 400, 600]] = 1
    waves = np.where(np.arange(760) % 100 < 5, 250.0, 300.0)
    assert rows_stand(Coarse(ink, ink, ()))
    assert not rows_stand(Coarse(ink, ink, (), (row(waves),)))
    assert rows_stand(Coarse(ink, ink, (), (row(waves[:500]),)))
    assert rows_stand(Coarse(ink, ink, (), (row(np.full(760, 300.0)),)))


def test_names_on_another_side_are_believed_before_lines_that_seem_to_be_rows():
    assert turns(True, {}, {4: NAMES}) == 1
    assert turns(True, {}, {2: NAMES}) == 3


def test_names_on_a_side_are_believed_before_a_curve_that_seems_to_cross_the_sheet():
    page = darkness_of_corners()
    across = row(np.where(np.arange(280) % 100 < 5, 100.0, 150.0), left=10)
    assert quarter_turns_of(Coarse(np.zeros((300, 300)), page, (), (across,)), Signs({2: NAMES})) == 3


def test_of_a_sheet_that_most_rows_cross_no_side_is_asked():
    waves = np.where(np.arange(280) % 100 < 5, 100.0, 150.0)
    crossing, shred = row(waves, left=10), row(waves[:100])
    page = darkness_of_corners()

    def turns_of(*rows):
        return quarter_turns_of(Coarse(np.zeros((300, 300)), page, (), rows), Signs({2: NAMES}))

    assert turns_of(crossing, crossing, crossing, shred) == 0
    assert turns_of(crossing, crossing, shred, shred) == 3


@pytest.mark.parametrize(
    ("by_corner", "turns"),
    [({4: {"pulse": 0.9}}, 1), ({2: {"pulse": 0.9}}, 3), ({}, None), ({2: {"pulse": 0.6}, 4: {"pulse": 0.9}}, None)],
)
def test_a_sheet_that_could_not_be_read_stands_on_the_side_with_more_signs(by_corner, turns):
    assert side_of_unread(Coarse(np.zeros((300, 300)), darkness_of_corners(), ()), Signs(by_corner)) == turns


def test_a_strip_that_could_not_be_read_does_not_stand():
    low = Coarse(np.zeros((200, 300)), darkness_of_corners(), ())
    assert side_of_unread(low, Signs({4: NAMES})) is None


def test_a_sheet_with_as_many_signs_as_it_lies_is_not_turned():
    named = Coarse(np.zeros((300, 300)), darkness_of_corners(), tuple(signs(NAMES)))
    assert side_of_unread(named, Signs({2: {"pulse": 0.9}})) is None


def test_of_both_sides_of_a_sheet_that_stands_a_pulse_tells():
    assert turns(False, {}, {2: {"pulse": 0.9}}) == 3
    assert turns(True, {}, {3: {"pulse": 0.9}}) == 0, "pictures are seldom on their head"


@pytest.mark.parametrize(("height", "read_upright", "stands"), [(900, {}, True), (800, {}, False), (900, NAMES, False)])
def test_what_is_far_higher_than_wide_stands_unless_signs_are_read(height, read_upright, stands):
    sheet = Coarse(np.zeros((height, 300)), darkness_of_corners(), tuple(signs(read_upright)))
    assert is_standing_strip(sheet) == stands


@pytest.mark.parametrize(
    ("by_corner", "turns"),
    [({4: {"pulse": 0.9}}, 1), ({2: {"25 mm/s": 0.9}}, 3), ({}, None), ({2: {"V1": 0.6}, 4: {"V1": 0.9}}, None)],
)
def test_a_strip_stands_on_the_side_with_more_signs(by_corner, turns):
    assert side_of_strip(Coarse(np.zeros((900, 300)), darkness_of_corners(), ()), Signs(by_corner)) == turns
