import keras
import numpy as np

from worker.ecg.drawing import BLANK
from worker.model.architectures import build_network, multiply_accumulates
from worker.model.layers import LineDrawing


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
