"""Training on more than one accelerator.

Keras shares batches among devices with the JAX backend alone: ``keras.distribution`` has no implementation for
PyTorch, and the one for TensorFlow is an unfinished prototype that says "do not use" (Keras 3.15, read in its
source).  Elsewhere one device does the work.
"""

import contextlib
from collections.abc import Sequence
from typing import Any

import keras


def accelerators() -> tuple[str, ...]:
    """Devices other than the CPU, such as ``gpu:0``."""
    if keras.backend.backend() == "torch":
        import torch

        return tuple(f"gpu:{index}" for index in range(torch.cuda.device_count()))
    return tuple(name for name in keras.distribution.list_devices() if not name.startswith("cpu"))


def devices_to_share(backend: str, devices: Sequence[str], batch_size: int) -> tuple[str, ...]:
    """The devices among which batches are shared: as many as divide a batch evenly.

    Parameters
    ----------
    backend : str
        Keras's backend.
    devices : sequence of str
        The accelerators there are.
    batch_size : int

    Returns
    -------
    tuple of str
        Empty where batches are not shared.
    """
    if backend != "jax":
        return ()
    count = max((n for n in range(1, len(devices) + 1) if batch_size % n == 0), default=0)
    return tuple(devices[:count]) if count > 1 else ()


def batches_shared(batch_size: int, devices: Sequence[str] | None = None) -> contextlib.AbstractContextManager[Any]:
    """Within this context, networks are built and fitted on all accelerators; does nothing where there is one."""
    found = accelerators() if devices is None else devices
    chosen = devices_to_share(keras.backend.backend(), found, batch_size)
    if not chosen:
        return contextlib.nullcontext()
    return keras.distribution.DataParallel(devices=list(chosen)).scope()
