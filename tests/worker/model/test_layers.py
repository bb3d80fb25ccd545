import keras
import numpy as np
import pytest

from worker.ecg.drawing import BLANK
from worker.model.architectures import build_network, multiply_accumulates
from worker.model.layers import LineDrawing, LineHeight


def drawn(columns, **settings):
    return keras.ops.convert_to_numpy(LineDrawing(8, **settings)(np.array(columns, np.float32)))


def test_a_line_is_drawn_where_it_is_high_or_low():
    picture = drawn([[[[0.875, 0.875], [-0.875, -0.875]]]], line_width_px=1.0)[0, :, :, 0]
    assert picture.shape == (8, 2)
    assert picture[:, 0].tolist() == [1, 0, 0, 0, 0, 0, 0, 0]
    assert picture[:, 1].tolist() == [0, 0, 0, 0, 0, 0, 0, 1]


def test_a_steep_line_fills_its_column():
    assert drawn([[[[-0.9, 0.9]]]])[0, :, 0, 0].min() > 0.9


def test_a_blank_column_stays_blank():
    assert drawn([[[[BLANK, BLANK]]]]).max() == 0


def test_the_layer_survives_its_own_config():
    layer = LineDrawing(48, 2.5)
    again = LineDrawing.from_config(layer.get_config())
    assert (again.height_px, again.line_width_px) == (48, 2.5)
    assert again.compute_output_shape((None, 5, 96, 2)) == (None, 48, 96, 5)


def test_the_network_has_five_logits_and_is_light():
    model = build_network((5, 96, 2), height_px=64, stem=(4, 4), stages=(8, 8), dense=8, dropout=0.1, seed=1)
    assert model.output_shape == (None, 5)
    first = 32 * 48 * 5 * 5 * 5 * 4
    assert first < multiply_accumulates(model) < 75e6


def test_the_height_of_a_line_is_its_middle_and_zero_where_blank():
    columns = np.array([[[[-0.2, 0.6], [BLANK, BLANK]], [[0.5, 0.5], [-1.0, 1.0]]]], np.float32)
    heights = keras.ops.convert_to_numpy(LineHeight()(columns))
    assert heights.shape == LineHeight().compute_output_shape((1, 2, 2, 2)) == (1, 2, 2)
    assert np.allclose(heights[0], [[0.2, 0.5], [0.0, 0.0]])


def test_a_network_with_lines_and_series_is_saved_and_answers_the_same(tmp_path):
    model = build_network(
        (10, 96, 2), height_px=16, stem=(4, 4), stages=(8,), dense=8, dropout=0.1, seed=1, lines=(8, 8), series=(8, 8)
    )
    model.save(tmp_path / "network.keras")
    again = keras.saving.load_model(tmp_path / "network.keras", compile=False)
    columns = np.random.default_rng(0).normal(size=(3, 10, 96, 2)).astype(np.float32)
    assert np.allclose(model.predict(columns, verbose=0), again.predict(columns, verbose=0), atol=1e-6)


def test_each_branch_reads_its_own_channels():
    columns = np.random.default_rng(0).uniform(-1, 1, size=(1, 10, 96, 2)).astype(np.float32)
    other_series, other_pictures = columns.copy(), columns.copy()
    other_series[:, 6:] += 1
    other_pictures[:, :6] = BLANK
    only_series = build_network(
        (10, 96, 2), height_px=16, stem=(4, 4), stages=(), dense=8, dropout=0.1, seed=1, series=(8,)
    )
    same, other = (only_series.predict(x, verbose=0) for x in (other_pictures, other_series))
    assert np.allclose(only_series.predict(columns, verbose=0), same)
    assert not np.allclose(only_series.predict(columns, verbose=0), other)


def test_series_that_a_drawing_does_not_hold_are_named():
    with pytest.raises(ValueError, match="all pictures"):
        build_network((5, 96, 2), height_px=16, stem=(4, 4), stages=(), dense=8, dropout=0.1, seed=1, series=(8,))
