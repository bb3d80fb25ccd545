from dataclasses import replace

import numpy as np
import pytest

from worker.image.sheet.line_windows import line_windows, wrapped
from worker.image.sheet.paper_map import MAJOR_MM, PaperMap, count_degrees, term_of
from worker.image.sheet.refining import polished
from worker.image.sheet.windows import windows_sampled

WIDTH, HEIGHT, LINE_PX, FINE = 900, 600, 30.0, 5


def straight_map(size=(WIDTH, HEIGHT)):
    across, down = np.zeros((2, count_degrees().size))
    across[term_of(1, 0)] = down[term_of(0, 1)] = size[0] / LINE_PX
    return PaperMap(across, down, float(size[0]), *size, MAJOR_MM, strength=1.0)


def ruled(across=0.0, down=0.0, size=(WIDTH, HEIGHT)):
    """Darkness of lines 6 px apart, moved by shares of a line."""
    y, x = np.mgrid[: size[1], : size[0]] + 0.5
    standing, lying = (np.cos(2 * np.pi * at) for at in (FINE * x / LINE_PX - across, FINE * y / LINE_PX - down))
    return (0.1 * (2 + standing + lying)).astype(np.float32)


def off_mm(paper):
    """How far points of the picture lie from where a map counts them across: rms."""
    x, y = np.meshgrid(np.linspace(0, WIDTH, 20), np.linspace(0, HEIGHT, 20))
    return (paper.lines(np.stack([x, y], axis=-1))[..., 0] - x / LINE_PX).std() * MAJOR_MM


def test_windows_show_the_picture_along_its_lines_and_say_how_much_of_them_lies_in_it():
    darkness = np.tile(np.arange(WIDTH, dtype=np.float32), (HEIGHT, 1))  # grows by 1 for each pixel
    at = np.array([[[10.0, 10.0], [0.0, 10.0]]])  # lines: within the picture, and on its left edge
    windows = windows_sampled(darkness, straight_map(), at, lines=2.0, side_px=20)
    assert windows.at_px[0] == pytest.approx(np.array([[300.0, 300.0], [0.0, 300.0]]))
    assert windows.share[0] == pytest.approx([1.0, 0.5])
    inside, half = windows.values[0, :, 0], windows.values[0, :, 1]
    assert inside == pytest.approx(np.tile((np.arange(20) - 9.5) * 3, (20, 1)), abs=0.01)  # 60 px in 20
    assert not half[:, :10].any()
    assert half.mean() == pytest.approx(0.0, abs=0.01)


@pytest.mark.parametrize("uneven", [False, True])
def test_windows_tell_by_how_much_lines_are_off_their_counts(uneven):
    for axis, (moved, windows) in enumerate(
        zip((0.2, -0.3), line_windows(straight_map(), ruled(0.2, -0.3), FINE, uneven=uneven), strict=True)
    ):
        assert np.abs(wrapped(windows.off + moved)).max() < 0.01, axis
        assert windows.agreement > 0.99


def test_even_windows_agree_with_a_map_that_counts_one_line_more_from_each_to_the_next_and_uneven_ones_do_not():
    size = (2400, 1600)
    faint, straight = ruled(size=size), straight_map(size)
    wrong = straight
    for _ in range(4):  # how far windows are apart depends on the map
        lattice, _ = line_windows(wrong, faint, FINE)
        apart = FINE * (lattice.at[0, 1, 0] - lattice.at[0, 0, 0])  # in fine lines
        wrong = replace(straight, across=straight.across * apart / (apart - 1))
    (even, _), (uneven, _) = (line_windows(wrong, faint, FINE, uneven=uneven) for uneven in (False, True))
    assert even.agreement > 0.99
    assert uneven.agreement < 0.7


def test_neighbours_tell_the_whole_lines_that_a_stretched_map_is_off():
    stretched = replace(straight_map(), across=straight_map().across * 1.01)
    (across, _) = line_windows(stretched, ruled(), FINE)
    off = across.unwrapped().in_all
    counted_too_many = 0.01 / 1.01 * FINE * across.at[..., 0]
    assert np.ptp(counted_too_many) > 1  # more than phases tell by themselves
    assert np.ptp(off - counted_too_many) < 0.05 or np.ptp(off + counted_too_many) < 0.05


def test_polishing_takes_away_what_a_map_is_off_though_its_lines_agree_with_it():
    rough = replace(straight_map(), across=straight_map().across + np.where(count_degrees() == 2, 0.02, 0.0))
    assert next(line_windows(rough, ruled(), FINE)).agreement > 0.95
    assert off_mm(rough) > 0.04
    assert off_mm(polished(rough, ruled(), FINE)) < 0.004


def test_polishing_leaves_a_map_alone_where_there_are_no_lines():
    noise = np.random.default_rng(0).random((HEIGHT, WIDTH)).astype(np.float32)
    assert off_mm(polished(straight_map(), noise, FINE)) == pytest.approx(0.0, abs=1e-9)
