import numpy as np
import pytest

from worker.errors import EcgError
from worker.image.decode import Picture
from worker.image.view import view_of

WIDTH, HEIGHT = 120, 80


def spotted(x, y):
    """A black picture with a white spot."""
    rgb = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    rgb[y - 2 : y + 3, x - 2 : x + 3] = 255
    return Picture(rgb)


def spot_of(view):
    y, x = np.nonzero(view.picture.rgb[..., 0] > 128)
    return np.array([[x.mean() + 0.5, y.mean() + 0.5]])


@pytest.mark.parametrize("turns", [0, 1, 2, 3, 5])
def test_the_way_back_from_a_turned_picture(turns):
    view = view_of(spotted(30, 20)).turned(turns)
    assert view.in_picture(spot_of(view))[0] == pytest.approx([30.5, 20.5], abs=0.01)
    assert view.quarter_turns == turns % 4
    size = (view.picture.width_px, view.picture.height_px)
    assert size == ((HEIGHT, WIDTH) if turns % 2 else (WIDTH, HEIGHT))


def test_turns_add_up():
    view = view_of(spotted(30, 20)).turned(1).turned(2)
    assert np.array_equal(view.picture.rgb, view_of(spotted(30, 20)).turned(3).picture.rgb)
    assert view.in_picture(spot_of(view))[0] == pytest.approx([30.5, 20.5], abs=0.01)


@pytest.mark.parametrize(
    "corners",
    [
        ((10, 5), (100, 5), (100, 70), (10, 70)),  # a crop
        ((100, 5), (100, 70), (10, 70), (10, 5)),  # of a picture that lies on its side
        ((12, 8), (104, 4), (110, 74), (6, 66)),  # seen askew
    ],
)
def test_the_way_back_from_a_part(corners):
    view = view_of(spotted(40, 30), corners)
    assert view.in_picture(spot_of(view))[0] == pytest.approx([40.5, 30.5], abs=0.7)
    assert view.outline_px() == pytest.approx(np.array(corners, float), abs=0.01)


@pytest.mark.parametrize(
    "corners",
    [((10, 10), (15, 10), (15, 15), (10, 15)), ((10, 5), (100, 70), (100, 5), (10, 70))],
    ids=["hardly anything", "crossed"],
)
def test_no_part_is_named(corners):
    with pytest.raises(EcgError) as caught:
        view_of(spotted(40, 30), corners)
    assert caught.value.code == "too_small"


def test_corners_far_outside_cannot_blow_a_picture_up():
    view = view_of(spotted(40, 30), ((-9000, -9000), (9000, -9000), (9000, 9000), (-9000, 9000)))
    assert view.picture.width_px == view.picture.height_px
    assert view.picture.width_px * view.picture.height_px == pytest.approx(4 * WIDTH * HEIGHT, rel=0.02)


def test_a_long_strip_that_is_told_to_be_turned_keeps_its_length():
    strip = Picture(np.zeros((900, 90, 3), np.uint8))
    view = view_of(strip, ((90, 0), (90, 900), (0, 900), (0, 0)))
    assert (view.picture.width_px, view.picture.height_px) == (900, 90)
