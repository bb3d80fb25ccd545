import numpy as np
import pytest

from worker.image.ink import darkness_against_paper


@pytest.mark.parametrize("black", [0.0, 0.3, 0.7])
def test_what_is_black_all_around_the_paper_takes_no_ink_away(black):
    channel = np.full((300, 1000), 230, np.uint8)
    channel[100:102, :] = 40
    paper = slice(round(1000 * black), 1000)
    channel[:, : paper.start] = 0
    whole = darkness_against_paper(channel)
    darkness = whole[:, paper.start + 60 :]
    assert whole[:, : max(0, paper.start - 60)].max(initial=0) == 0
    assert darkness[100:102].mean() == pytest.approx(0.83, abs=0.03)
    assert np.delete(darkness, slice(98, 104), axis=0).max() < 0.05


def test_a_black_picture_has_no_ink():
    assert darkness_against_paper(np.zeros((50, 80), np.uint8)).max() == 0
