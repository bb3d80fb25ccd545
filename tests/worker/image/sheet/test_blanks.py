import numpy as np
import pytest

from worker.image.sheet.blanks import blank_before_mm, blanks_between, layout_by_blanks, without_blanks
from worker.image.sheet.leads import Part
from worker.image.sheet.names_placed import Row
from worker.image.sheet.row_reader import PX_PER_MM

SCALE = 2.0  # flat pixels in one of the parts' pixels
COLUMN, BLANK, COUNT = 500, 16, 4
WIDTH = COUNT * COLUMN + (COUNT - 1) * BLANK


def parts(rows=3, *, rhythm=False, off=0.0):
    """Cut evenly, as they are before the blanks are known: each boundary lies somewhere in its blank."""
    edges = np.linspace(0, WIDTH, COUNT + 1) / SCALE + off
    cut = [
        Part(row, column, edges[column], edges[column + 1], None, None)
        for row in range(rows)
        for column in range(COUNT)
    ]
    return cut + ([Part(rows, 0, 0.0, WIDTH / SCALE, None, None)] if rhythm else [])


def heights(rows=3, *, rhythm=False, blank=BLANK):
    apart = np.zeros(WIDTH)
    for column in range(1, COUNT):
        end = column * (COLUMN + BLANK)
        apart[end - blank : end] = np.nan
    return [apart.copy() for _ in range(rows)] + ([np.zeros(WIDTH)] if rhythm else [])


@pytest.mark.parametrize("off", [0.0, 6.0, -6.0])
def test_columns_begin_behind_their_blanks_and_end_before_the_next(off):
    cut = without_blanks(parts(off=off), blanks_between(parts(off=off), heights(), SCALE), SCALE)
    second = next(part for part in cut if (part.row, part.column) == (1, 1))
    assert (second.left * SCALE, second.right * SCALE) == (COLUMN + BLANK, 2 * COLUMN + BLANK)


def test_blanks_take_no_time():
    blanks = blanks_between(parts(), heights(), SCALE)
    assert [blank_before_mm(column, blanks) for column in range(COUNT)] == [
        column * BLANK / PX_PER_MM[0] for column in range(COUNT)
    ]


def test_a_rhythm_strip_has_no_blanks():
    with_rhythm = parts(rhythm=True)
    blanks = blanks_between(with_rhythm, heights(rhythm=True), SCALE)
    assert without_blanks(with_rhythm, blanks, SCALE)[-1] == with_rhythm[-1]


def test_a_letter_in_the_blank_of_one_row_hides_it_from_none():
    seen = heights()
    seen[0][:] = 0.0
    seen[1][COLUMN + 6 : COLUMN + 9] = 0.0
    assert blanks_between(parts(), seen, SCALE)[1] == (COLUMN, COLUMN + BLANK)


def test_a_gap_in_one_row_is_no_blank():
    seen = heights(blank=0)
    seen[0][COLUMN : COLUMN + BLANK] = np.nan
    assert blanks_between(parts(), seen, SCALE) == {}


def test_a_gap_of_all_rows_at_one_place_is_no_blank_between_columns():
    seen = heights(blank=0)
    for row in seen:
        row[COLUMN : COLUMN + BLANK] = np.nan
    assert blanks_between(parts(), seen, SCALE) == {}


def test_rows_of_one_lead_have_no_columns_to_set_apart():
    whole = [Part(row, 0, 0.0, WIDTH / SCALE, None, None) for row in range(3)]
    assert blanks_between(whole, heights(), SCALE) == {}


def rows_with(blanks, width=2000):
    """Rows, one for each list of blanks; a blank is its first pixel, and 10 wide."""
    heights = []
    for at in blanks:
        height = np.zeros(width)
        for first in at:
            height[first : first + 10] = np.nan
        heights.append(height)
    return [Row(100.0 * number, 0.0, float(width)) for number in range(len(heights))], heights


FOUR, TWO = [495, 995, 1495], [995]


@pytest.mark.parametrize(
    ("blanks", "expected"),
    [
        ([FOUR] * 3, "3x4"),
        ([FOUR] * 3 + [[]], "3x4+1"),
        ([FOUR] * 3 + [FOUR] * 2 + [[]], "3x4+3"),  # strips that the reader lost at the same places
        ([[]] + [FOUR] * 3 + [[]], "3x4+2"),  # words above
        ([FOUR] * 2 + [[]], "2x4+1"),  # a row was not found
        ([TWO] * 6, "6x2"),
        ([TWO] * 5 + [[]], "5x2+1"),
        ([TWO, TWO, [], TWO, TWO, TWO], "6x2"),
    ],
)
def test_columns_of_nameless_rows_are_told_by_blanks_below_each_other(blanks, expected):
    layout = layout_by_blanks(*rows_with(blanks), 1.0, [None] * len(blanks))
    assert layout.name == expected
    whole = [part.row for part in layout.parts if part.column == 0 and part.right - part.left == 2000]
    assert len(whole) == int(expected.partition("+")[2] or 0)
    assert all(part.lead is None for part in layout.parts)


@pytest.mark.parametrize(
    "blanks", [[], [FOUR], [[], [], []], [[963], [1030]], [[300], [800], [1300]], [[]] * 4 + [FOUR]]
)
def test_gaps_that_do_not_stand_below_each_other_make_no_columns(blanks):
    assert layout_by_blanks(*rows_with(blanks), 1.0, [None] * len(blanks)) is None


def test_names_are_kept_of_what_runs_through_and_of_a_first_column_in_order():
    layout = layout_by_blanks(*rows_with([FOUR, FOUR, FOUR, []]), 1.0, ["I", None, "II", "V1"])
    named = {(part.row, part.column): part.lead for part in layout.parts if part.lead}
    assert named == {(0, 0): "I", (3, 0): "V1"}
    assert {part.source for part in layout.parts if part.lead} == {"printed"}
