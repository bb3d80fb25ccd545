import numpy as np
import pytest

from worker.image.sheet.columns import columns_by_shape, rows_cut_beside

FS = 200.0
BEATS = np.arange(60, 1960, 160)
SHAPES = [
    lambda t: np.exp(-((t / 0.02) ** 2)),
    lambda t: -np.exp(-((t / 0.02) ** 2)),
    lambda t: np.exp(-((t / 0.02) ** 2)) - 1.5 * np.exp(-(((t - 0.04) / 0.02) ** 2)),
    lambda t: 3 * np.exp(-((t / 0.02) ** 2)),
]


def row(columns, shift=0):
    shape_at = (np.arange(2000) * columns // 2000 + shift) % len(SHAPES)
    values = np.zeros(2000)
    for at in BEATS:
        near = np.arange(max(0, at - 50), min(2000, at + 50))
        values[near] += SHAPES[shape_at[at]]((near - at) / FS)
    return values


@pytest.mark.parametrize("columns", [2, 4])
def test_leads_beside_each_other_are_told_by_their_beats(columns):
    rows = [row(columns, shift) for shift in range(3)] + [row(1)]
    assert columns_by_shape(rows, FS, [BEATS] * 4) == [columns] * 3 + [1]


def test_of_twelve_leads_the_first_rows_have_columns_whichever_seem_to():
    alike = [row(2, 2), row(2), row(2, 3), row(1), row(2, 2), row(2, 3)]
    assert columns_by_shape(alike, FS, [BEATS] * 6) == [2] * 6
    assert columns_by_shape([*alike, row(1)], FS, [BEATS] * 7) == [2] * 6 + [1]
    changing_strip = [row(4, shift) for shift in range(3)] + [row(4)]
    assert columns_by_shape(changing_strip, FS, [BEATS] * 4) == [4, 4, 4, 1]


def test_rows_of_twelve_leads_above_strips_may_change_at_half_of_the_places():
    alike = [[0, 1, 1, 1], [1, 2, 2, 1], [1, 1, 2, 0]]  # leads beside each other are often alike
    changing = [np.choose(np.arange(2000) // 500, [row(1, shift) for shift in shapes]) for shapes in alike]
    assert columns_by_shape([*changing, *[row(1)] * 3], FS, [BEATS] * 6) == [4, 4, 4, 1, 1, 1]


def test_two_rows_that_change_beside_rows_that_stay_are_enough():
    """A heart whose beats change shows it in all of its leads."""
    assert columns_by_shape([row(4), row(1), row(4, 1), row(1, 1)], FS, [BEATS] * 4) == [4, 4, 4, 1]
    assert columns_by_shape([row(4), row(1), row(1, 1)], FS, [BEATS] * 3) == [1, 1, 1]


def test_words_above_and_many_rows_have_no_columns():
    leads = [row(4, shift) for shift in range(3)]
    assert columns_by_shape([row(1), *leads, row(1)], FS, [BEATS] * 5) == [1, 4, 4, 4, 1]
    some = [row(2, at % 2) if at % 2 else row(1) for at in range(12)]
    assert columns_by_shape(some, FS, [BEATS] * 12) == [1] * 12


def test_rows_of_one_lead_stay_whole_even_with_ectopic_beats():
    rows = [row(1, shift) for shift in range(4)]
    for values in rows:
        values[BEATS[5] - 50 : BEATS[5] + 50] *= -2
    assert columns_by_shape(rows, FS, [BEATS] * 4) == [1] * 4


def test_two_rows_are_too_few_to_tell():
    assert columns_by_shape([row(4), row(4, 1)], FS, [BEATS] * 2) == [1, 1]


def test_limb_leads_whose_axis_changes_stay_whole():
    lead_i, lead_ii = row(1), row(2, 1)
    others = [lead_ii - lead_i, -(lead_i + lead_ii) / 2, lead_i - lead_ii / 2, lead_ii - lead_i / 2]
    assert columns_by_shape([lead_i, lead_ii, *others], FS, [BEATS] * 6) == [1] * 6
    chest = [row(2, shift) for shift in range(4)]
    assert columns_by_shape([lead_i, lead_ii, *chest], FS, [BEATS] * 6) == [2] * 6


def test_fewer_rows_have_columns_where_the_upper_ones_seem_to():
    some = [row(2), row(2, 1), row(2, 2)]
    assert columns_by_shape([*some, row(1), row(1, 1)], FS, [BEATS] * 5) == [2, 2, 2, 1, 1]
    assert columns_by_shape([*some, row(1), row(2, 3)], FS, [BEATS] * 5) == [1] * 5


@pytest.mark.parametrize(
    ("cut", "changing", "expected"),
    [
        ({1, 2}, {0}, {0}),
        ({1, 2}, {0, 3}, {0}),  # three rows hold twelve leads: what changes below them is a strip
        ({0, 1}, {2, 3}, {2}),
        ({0, 1, 2}, {3}, set()),
        ({2, 3}, {0, 1}, {1}),
        ({3}, {0, 1, 2}, {1, 2}),
        ({0}, {3, 4, 5}, set()),
        ({0, 1, 2, 3}, {4}, set()),
        ({0, 1, 2}, set(), set()),
    ],
)
def test_rows_beside_others_that_are_cut_have_columns_as_far_as_twelve_leads_go(cut, changing, expected):
    assert rows_cut_beside(cut, changing, 4) == expected
