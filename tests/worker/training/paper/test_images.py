import cv2
import keras
import numpy as np
import pytest

from worker.ecg.drawing import crop_columns
from worker.model.layers import LineDrawing
from worker.training.paper.images import CROP_OFFSETS, WHOLE, images_drawn, images_sheared, images_sized


@pytest.fixture
def columns():
    rng = np.random.default_rng(0)
    return np.stack([crop_columns(np.cumsum(rng.standard_normal(200))) for _ in range(3)])


def test_the_drawing_is_the_one_inside_the_served_network(columns):
    served = keras.ops.convert_to_numpy(LineDrawing(128)(columns))[..., 0]
    assert np.array_equal(images_drawn(columns), served)
    assert images_drawn(columns).shape == (3, 128, 128)


def test_a_line_is_drawn_from_the_bottom_to_the_top_of_its_picture():
    image = images_drawn(crop_columns(np.linspace(0, 1, 300))[None])[0]
    rows = np.flatnonzero(image.any(axis=1))
    assert rows[0] < 10
    assert rows[-1] > 117
    assert image[:, 0].argmax() > image[:, -1].argmax()


def test_the_nine_crops_lie_left_centre_and_right_at_top_middle_and_bottom():
    assert tuple((top, left) for top in (0, 16, 32) for left in (0, 16, 32)) == CROP_OFFSETS
    image = np.arange(128 * 128, dtype=np.float32).reshape(128, 128)
    for number, (top, left) in enumerate(CROP_OFFSETS):
        crop = images_sized(image[None], np.array([number]), 96)[0, :, :, 0]
        assert np.array_equal(crop, image[top : top + 96, left : left + 96])


def test_crops_are_sized_to_the_whole_image(columns):
    drawn = images_drawn(columns)
    sized = images_sized(drawn, np.array([WHOLE, 4, 8]), 128)
    assert np.array_equal(sized[0, :, :, 0], drawn[0])
    expected = cv2.resize(np.ascontiguousarray(drawn[1][16:112, 16:112]), (128, 128), interpolation=cv2.INTER_LINEAR)
    assert np.array_equal(sized[1, :, :, 0], expected)


def test_a_smaller_image_keeps_the_ink(columns):
    drawn = images_drawn(columns)
    small = images_sized(drawn, np.full(3, WHOLE), 64)
    assert small.shape == (3, 64, 64, 1)
    assert np.allclose(small.mean(), drawn.mean(), atol=1e-5)


def test_half_of_the_students_images_are_mirrored_and_none_leaves_the_frame():
    ramp = np.tile(np.linspace(0, 1, 64, dtype=np.float32), (64, 1))
    sheared = images_sheared(np.repeat(ramp[None, :, :, None], 200, axis=0), np.random.default_rng(3))
    mirrored = sheared[:, 32, 10, 0] > sheared[:, 32, 50, 0]
    assert 70 < mirrored.sum() < 130
    assert sheared.min() >= 0
    assert sheared.max() <= 1
    # Zoomed by 0.8 to 1.2: the ramp's slope across the middle changes by as much.
    slopes = np.abs(sheared[:, 32, 40, 0] - sheared[:, 32, 24, 0]) / (ramp[32, 40] - ramp[32, 24])
    assert 0.79 < slopes.min() < 0.9
    assert 1.1 < slopes.max() < 1.21
