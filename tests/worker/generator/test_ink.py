import numpy as np
import pytest

from worker.generator.ink import ink_shares, inked


@pytest.mark.parametrize("width_px", [1.0, 2.5, 4.0])
def test_a_level_line_covers_its_width(width_px):
    shares = ink_shares([np.array([[0.0, 20.0], [100.0, 20.0]])], (40, 100), width_px)
    assert shares[:, 50].sum() == pytest.approx(width_px, abs=0.3)
    assert (shares[:, 50] * (np.arange(40) + 0.5)).sum() / shares[:, 50].sum() == pytest.approx(20.0, abs=0.15)


def test_a_peak_keeps_its_height():
    narrow = np.array([[0.0, 80.0], [48.0, 80.0], [50.0, 10.0], [52.0, 80.0], [100.0, 80.0]])
    rows = np.flatnonzero(ink_shares([narrow], (100, 100), 2.0).max(axis=1) > 0.5)
    assert rows[0] == pytest.approx(10 - 1, abs=1)


def test_ink_covers_paper_by_its_share():
    paper = np.full((1, 3, 3), 200.0, np.float32)
    pixels = inked(paper, np.array([[0.0, 0.5, 1.0]], np.float32), (0, 100, 0))
    assert pixels[0].tolist() == [[200, 200, 200], [100, 150, 100], [0, 100, 0]]
