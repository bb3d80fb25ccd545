import numpy as np
import pytest

from worker.image.sheet.curve import LeadCurve
from worker.image.sheet.row_reader import PX_PER_MM
from worker.image.sheet.sign_reader import PX_PER_MM as COARSE_PX_PER_MM
from worker.image.sheet.sign_reader import SignSeen
from worker.image.sheet.words import rows_of_words

LEFT, RIGHT, SPACE = 100, 1700, 200


def curve(row, lead, *, first=LEFT, last=RIGHT, certainty=0.95):
    x = np.arange(first, last)
    flat_px = np.stack([x + 0.5, np.full(x.size, SPACE * (row + 1.0))], axis=1)
    source = "printed" if lead else None
    return LeadCurve(lead, source, row, 0, 0.0, np.zeros(x.size), certainty, flat_px, np.zeros(x.size, bool))


def words_among(curves, *, on_ink=1.0, signs=()):
    """Which rows are none, where the last one lies on ink for such a share of its way."""
    darkness = np.zeros((SPACE * (len(curves) + 1), RIGHT + 100))
    for one in curves:
        x = one.flat_px[:, 0].astype(int)
        seen = x[: round((on_ink if one is curves[-1] else 1.0) * x.size)]
        darkness[SPACE * (one.row + 1), seen] = 1.0
    rests_mm = [SPACE * (one.row + 1) / PX_PER_MM[1] for one in curves]
    return rows_of_words(curves, rests_mm, signs, darkness)


NAMED = [curve(0, "I"), curve(1, "II"), curve(2, "III")]


@pytest.mark.parametrize(
    ("last", "found"),
    [
        (curve(3, None), set()),
        (curve(3, None, last=RIGHT - 400), {3}),
        (curve(3, None, first=LEFT + 400), {3}),
        (curve(3, None, certainty=0.8), {3}),
    ],
)
def test_a_poor_nameless_row_is_one_only_if_it_is_sure_and_ends_with_the_named_ones(last, found):
    assert words_among([*NAMED, last], on_ink=0.8) == found


def test_a_row_that_is_read_well_is_one_however_short_and_a_very_poor_one_none():
    assert words_among([*NAMED, curve(3, None, last=RIGHT - 400)]) == set()
    assert words_among([*NAMED, curve(3, None)], on_ink=0.55) == {3}


def test_speed_on_a_row_s_level_says_that_it_is_words():
    at = SPACE * 4 / PX_PER_MM[1] * COARSE_PX_PER_MM
    assert words_among([*NAMED, curve(3, None)], signs=[SignSeen("25 mm/s", 300.0, at, 0.9)]) == {3}
