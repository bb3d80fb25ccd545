import numpy as np
import pytest

from worker.image.sheet.missed_rows import missed_rows
from worker.image.sheet.rows import rows_traced

PX_PER_MM = 5.0
LEFT, RIGHT, SPACE = 60, 960, 120


def sheet(rests, *, only_complexes=()):
    """Ink of level rows with a complex every 40 mm; of some the line between them is left out."""
    ink = np.zeros((1200, 1020))
    for rest in (*rests, *only_complexes):
        if rest in rests:
            ink[rest - 1 : rest + 1, LEFT:RIGHT] = 1.0
        for x in range(LEFT + 100, RIGHT, 200):
            ink[rest - 40 : rest, x : x + 3] = 1.0
    return ink


def missed(ink):
    return [row.rest_px for row in missed_rows(rows_traced(ink, PX_PER_MM), ink)]


@pytest.mark.parametrize("lost", [220, 340, 460, 700])
def test_a_row_is_guessed_where_the_others_leave_its_place_and_its_complexes_stand(lost):
    rests = [220 + SPACE * number for number in range(5)]
    ink = sheet([rest for rest in rests if rest != lost], only_complexes=[lost])
    assert missed(ink) == pytest.approx([lost], abs=2)


def test_nothing_is_guessed_where_there_is_no_ink_or_no_even_space():
    assert missed(sheet([220, 340, 580, 700])) == []
    assert missed(sheet([220, 340, 460])) == []
    assert missed(sheet([220, 300, 460, 700], only_complexes=[580])) == []
    assert missed(sheet([220, 340], only_complexes=[460])) == []


def test_no_row_is_guessed_outside_the_page_however_faint_its_ink():
    ink = 0.5 * sheet([60, 180, 300])
    rows = rows_traced(2 * ink, PX_PER_MM)
    assert len(rows) == 3
    assert missed_rows(rows, ink) == ()


def test_a_guess_is_as_long_as_the_rows_and_says_that_it_is_one():
    ink = sheet([220, 340, 460], only_complexes=[580])
    (guess,) = missed_rows(rows_traced(ink, PX_PER_MM), ink)
    assert guess.is_guess
    assert (guess.trace.left, guess.right) == pytest.approx((LEFT, RIGHT), abs=2)
    assert guess.trace.gap.all()
