import contextlib

import pytest

from worker.training.fitting.devices import batches_shared, devices_to_share


@pytest.mark.parametrize(
    ("backend", "devices", "batch_size", "chosen"),
    [
        ("jax", ["gpu:0", "gpu:1"], 128, ("gpu:0", "gpu:1")),
        ("jax", ["gpu:0", "gpu:1", "gpu:2"], 128, ("gpu:0", "gpu:1")),
        ("jax", ["gpu:0"], 128, ()),
        ("jax", [], 128, ()),
        ("tensorflow", ["gpu:0", "gpu:1"], 128, ()),
        ("torch", ["gpu:0", "gpu:1"], 128, ()),
    ],
)
def test_batches_are_shared_where_keras_can_and_devices_divide_them(backend, devices, batch_size, chosen):
    assert devices_to_share(backend, devices, batch_size) == chosen


def test_one_device_does_the_work_alone():
    assert isinstance(batches_shared(128, devices=[]), contextlib.nullcontext)
    assert isinstance(batches_shared(128, devices=["gpu:0"]), contextlib.nullcontext)
