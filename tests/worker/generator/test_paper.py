import numpy as np
import pytest

from worker.generator.paper import COLOURS, Paper, paper_drawn

EVEN = ("salmon", "steel")


def column_darkness(paper: Paper, px_per_mm: float) -> np.ndarray:
    return 255 - paper_drawn(paper, 20, 7, px_per_mm)[int(2.5 * px_per_mm)].mean(axis=1)


@pytest.mark.parametrize("px_per_mm", [5.0, 7.37, 11.8])
@pytest.mark.parametrize("colour", [name for name in COLOURS if name != "white"])
def test_lines_stand_every_millimetre_and_heavier_ones_every_five(colour, px_per_mm):
    dark = column_darkness(Paper(colour), px_per_mm)
    at = np.round(np.arange(1, 19) * px_per_mm).astype(int)
    between = np.round((np.arange(1, 18) + 0.5) * px_per_mm).astype(int)
    on_lines = np.array([dark[i - 1 : i + 2].max() for i in at])
    assert on_lines.min() > dark[between].max()
    fifth = np.arange(1, 19) % 5 == 0
    assert colour in EVEN or on_lines[fifth].min() > on_lines[~fifth].max()


def test_dots_stand_at_the_crossings_only():
    pixels = paper_drawn(Paper("orange", "dotted"), 20, 20, 10.0)
    dark = 255 - pixels.min(axis=2)
    assert dark[10, 10] > dark[10, 15]
    assert dark[10, 15] == dark[15, 15]


def test_majors_and_none_leave_the_millimetres_out():
    majors = column_darkness(Paper("blue", "majors"), 8.0)
    assert majors[40] > majors[8] == majors[4]
    plain = paper_drawn(Paper("blue", "none"), 20, 20, 8.0)
    assert np.ptp(plain.reshape(-1, 3), axis=0).max() == 0


def test_an_unknown_paper_is_named():
    with pytest.raises(ValueError, match="'purple'"):
        Paper("purple")
    with pytest.raises(ValueError, match="'wavy'"):
        Paper("pink", "wavy")


def test_lines_can_be_fainter_and_every_fifth_major_wider():
    full, faint = (column_darkness(Paper("red", "majors", strength=strength), 8.0) for strength in (1.0, 0.5))
    ground = full.min()
    assert faint[40] - ground == pytest.approx((full[40] - ground) / 2, rel=0.05)
    wide = 255 - paper_drawn(Paper("red", "majors", heavy=True), 30, 7, 8.0)[20].min(axis=1)
    assert (wide[190:211] > wide[:5].min() + 40).sum() > (wide[30:51] > wide[:5].min() + 40).sum()
