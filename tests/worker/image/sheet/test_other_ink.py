import numpy as np

from worker.image.sheet.other_ink import other_ink

WIDTH = 400
BLACK, BLUE = (0.8, 0.78, 0.8), (0.8, 0.7, 0.2)


def drawn(colours):
    """A level line at y 20 whose ink changes along the way."""
    darkness = np.zeros((40, WIDTH, 3), np.float32)
    for x in range(WIDTH):
        darkness[19:22, x] = colours(x)
    return darkness, np.stack([np.arange(WIDTH) + 0.5, np.full(WIDTH, 20.5)], axis=1)


def test_a_stretch_of_another_colour_is_another_ink():
    found = other_ink(*drawn(lambda x: BLUE if 100 <= x < 180 else BLACK))
    assert found[105:175].all()
    assert not found[:90].any()
    assert not found[190:].any()


def test_a_line_that_is_crossed_is_none_and_paler_ink_is_the_same():
    crossed = other_ink(*drawn(lambda x: BLUE if 100 <= x < 106 else BLACK))
    pale = other_ink(*drawn(lambda x: np.array(BLACK) * (0.3 if x < 200 else 1.0)))
    assert not crossed.any()
    assert not pale.any()


def test_the_colour_of_strong_lines_all_over_the_paper_is_no_other_ink():
    darkness, curve = drawn(lambda x: BLUE if 100 <= x < 180 else BLACK)
    darkness[:, ::12] = darkness[::8] = BLUE
    darkness[19:22] = drawn(lambda x: BLUE if 100 <= x < 180 else BLACK)[0][19:22]
    assert not other_ink(darkness, curve).any()


def test_a_dark_pen_on_paper_with_pale_lines_of_its_colour_is_another_ink():
    darkness, curve = drawn(lambda x: BLUE if 100 <= x < 180 else BLACK)
    paler = 0.4 * np.array(BLUE)
    darkness[:19:8] = darkness[24::8] = paler
    assert other_ink(darkness, curve)[105:175].all()


RED, THIN = np.array((0.1, 0.8, 0.75)), np.array((0.3, 0.3, 0.08))


def red_paper(colours):
    darkness, curve = drawn(colours)
    darkness[:18:8] = darkness[24::8] = darkness[:, ::12] = RED
    darkness[19:22] = drawn(colours)[0][19:22]
    return darkness, curve


def test_a_thin_curve_takes_on_the_colour_of_lines_that_it_runs_along():
    assert not other_ink(*red_paper(lambda x: THIN + 0.4 * RED if 100 <= x < 180 else THIN)).any()


def test_a_pen_that_is_neither_the_curve_s_nor_the_lines_colour_is_another_ink():
    green = np.array((0.8, 0.2, 0.8))
    assert other_ink(*red_paper(lambda x: green if 100 <= x < 180 else THIN))[105:175].all()


def test_what_is_not_seen_has_no_ink():
    darkness, xy = drawn(lambda x: BLACK)
    xy[:, 1] = np.nan
    assert not other_ink(darkness, xy).any()
