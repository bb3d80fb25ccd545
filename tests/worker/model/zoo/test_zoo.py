import keras
import numpy as np
import pytest

from worker.model.architectures import multiply_accumulates
from worker.model.zoo import alexnet, jun2018, student, vggnet


def test_the_papers_network_has_the_papers_size():
    model = jun2018.build((128, 128, 1), 8)
    assert model.count_params() == 135_392_200
    assert round(multiply_accumulates(model) / 1e9, 2) == 2.56


def test_the_papers_network_normalises_after_its_activation_everywhere_but_at_the_end():
    model = jun2018.build((32, 32, 1), 8, width=0.125)
    kinds = [type(layer).__name__ for layer in model.layers]
    convolution = ["Conv2D", "ELU", "BatchNormalization"]
    block = [*convolution, *convolution, "MaxPooling2D"]
    assert kinds == ["InputLayer", *block * 3, "Flatten", "Dense", "ELU", "BatchNormalization", "Dropout", "Dense"]
    assert [layer.filters for layer in model.layers if isinstance(layer, keras.layers.Conv2D)] == [8, 8, 16, 16, 32, 32]
    assert [layer.rate for layer in model.layers if isinstance(layer, keras.layers.Dropout)] == [0.5]


def test_the_students_network_is_the_original_one():
    model = student.build()
    assert model.input_shape == (None, 64, 64, 3)
    assert model.output_shape == (None, 5)
    assert [layer.units for layer in model.layers if isinstance(layer, keras.layers.Dense)] == [300, 100, 60, 5]
    (flat,) = (layer for layer in model.layers if isinstance(layer, keras.layers.Flatten))
    assert flat.output.shape == (None, 31 * 31 * 32)


def test_the_student_sees_gray_ink_in_three_channels():
    assert student.build((64, 64, 1)).count_params() == student.build((64, 64, 3)).count_params()


@pytest.mark.parametrize("build", [alexnet.build, vggnet.build])
@pytest.mark.parametrize("size_px", [64, 128])
def test_the_baselines_answer_eight_classes_at_either_size(build, size_px):
    model = build((size_px, size_px, 1), 8, width=0.0625)
    logits = model.predict_on_batch(np.zeros((2, size_px, size_px, 1), np.float32))
    assert logits.shape == (2, 8)


@pytest.mark.parametrize(("build", "convolutions"), [(alexnet.build, 5), (vggnet.build, 13)])
def test_the_baselines_have_the_depth_of_their_sources(build, convolutions):
    model = build((64, 64, 1), 8, width=0.0625)
    assert sum(isinstance(layer, keras.layers.Conv2D) for layer in model.layers) == convolutions


def test_the_same_seed_builds_the_same_weights():
    first, second, other = (alexnet.build((64, 64, 1), 8, width=0.0625, seed=seed) for seed in (1, 1, 2))
    assert np.array_equal(first.get_weights()[0], second.get_weights()[0])
    assert not np.array_equal(first.get_weights()[0], other.get_weights()[0])
