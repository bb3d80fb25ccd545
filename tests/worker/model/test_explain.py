import keras
import numpy as np
import pytest
from keras import layers, ops

from worker.model.architectures import build_network, members_averaged
from worker.model.explain import class_activation_maps, class_strip
from worker.model.layers import LineDrawing

HEIGHT, WIDTH = 16, 32
V = np.array([2, 2, 2])


def pooled_network(seed, channels=1, *, name=None):
    keras.utils.set_random_seed(seed)
    columns = keras.Input((channels, WIDTH, 2))
    x = LineDrawing(HEIGHT)(columns)
    x = layers.Conv2D(6, 3, strides=2, padding="same", activation="relu", name="last_picture")(x)
    x = layers.GlobalAveragePooling2D()(x)
    return keras.Model(columns, layers.Dense(5, name="logits")(x), name=name)


def random_columns(n=3, channels=1):
    middle = np.random.default_rng(4).uniform(-0.8, 0.8, (n, channels, WIDTH, 1))
    return np.concatenate([middle - 0.1, middle + 0.1], axis=3).astype(np.float32)


def scaled(evidence):
    positive = np.maximum(evidence, 0)
    return positive / positive.max(axis=(1, 2), keepdims=True)


def weighted_map(network, columns, asked):
    """Zhou et al. 2016: the last picture's filters, weighted by the class's own weights."""
    picture = keras.Model(network.input, network.get_layer("last_picture").output)(columns)
    kernel = ops.convert_to_numpy(network.get_layer("logits").kernel)
    evidence = ops.convert_to_numpy(picture) @ kernel[:, asked]
    return ops.convert_to_numpy(ops.image.resize(evidence[..., None], (HEIGHT, WIDTH)))[..., 0]


def test_with_global_pooling_the_map_is_the_exact_class_activation_map():
    network, columns = pooled_network(1), random_columns()
    maps = class_activation_maps(network, columns, V)
    assert np.allclose(maps, scaled(weighted_map(network, columns, 2)), atol=1e-5)


def test_members_are_averaged_before_evidence_against_the_class_is_dropped():
    members, columns = [pooled_network(seed) for seed in (1, 2)], random_columns()
    expected = scaled(sum(weighted_map(member, columns, 2) for member in members))
    assert np.allclose(class_activation_maps(members_averaged(members), columns, V), expected, atol=1e-5)


@pytest.mark.parametrize("channels", [1, 5, 8])
def test_any_number_of_channels_gives_a_map_as_large_as_the_drawing(channels):
    network = pooled_network(3, channels)
    maps = class_activation_maps(network, random_columns(3, channels), np.array([0, 3, 4]))
    assert maps.shape == (3, HEIGHT, WIDTH)
    assert maps.min() >= 0
    assert maps.max() <= 1


def test_every_branch_that_ends_in_a_picture_counts():
    columns = keras.Input((2, WIDTH, 2))
    drawn = LineDrawing(HEIGHT)(columns)
    ends = [
        layers.GlobalAveragePooling2D()(layers.Conv2D(4, 3, padding="same", activation="relu")(drawn)),
        layers.Flatten()(layers.Conv2D(2, 5, strides=2, padding="same", activation="relu")(drawn)),
        layers.Dense(3)(layers.Flatten()(columns)),  # holds no picture
    ]
    network = keras.Model(columns, layers.Dense(5)(layers.Concatenate()(ends)))
    pictures = random_columns(3, 2)
    both = class_activation_maps(network, pictures, V)
    network.layers[-1].kernel.assign(np.where(np.arange(5)[None] == 2, 0.0, 1.0) * network.layers[-1].kernel)
    assert both.max() == 1
    assert class_activation_maps(network, pictures, V).max() == 0


def test_only_what_was_drawn_counts_beside_heights_and_series():
    sizes = {"height_px": HEIGHT, "stem": (4, 4), "stages": (6,), "dense": 8, "dropout": 0.1, "seed": 1}
    network = build_network((10, WIDTH, 2), lines=(4,), series=(4,), **sizes)
    maps = class_activation_maps(network, random_columns(2, 10), V[:2])
    assert maps.shape == (2, HEIGHT, WIDTH)
    assert maps.max() == 1


def test_deeper_pictures_are_left_for_one_with_enough_cells():
    columns = keras.Input((1, WIDTH, 2))
    x = layers.Conv2D(4, 3, strides=2, padding="same", activation="relu", name="fine")(LineDrawing(HEIGHT)(columns))
    x = layers.Conv2D(4, 3, strides=4, padding="same", activation="relu", name="coarse")(x)
    network = keras.Model(columns, layers.Dense(5)(layers.Flatten()(x)))
    fine = class_activation_maps(network, random_columns(1), V[:1])
    coarse = class_activation_maps(network, random_columns(1), V[:1], least_cells=0.0)
    assert not np.allclose(fine, coarse)


def test_a_network_without_a_picture_is_refused():
    columns = keras.Input((1, WIDTH, 2), name="columns")
    network = keras.Model(columns, layers.Dense(5)(layers.Flatten()(columns)), name="plain")
    with pytest.raises(ValueError, match="plain"):
        class_activation_maps(network, random_columns(), V)


def test_a_strip_is_the_map_along_x_with_a_highest_value_of_one():
    maps = np.zeros((2, 4, 3), np.float32)
    maps[0, :2, 1], maps[0, 0, 2] = 1.0, 1.0
    assert np.allclose(class_strip(maps), [[0, 1, 0.5], [0, 0, 0]])
