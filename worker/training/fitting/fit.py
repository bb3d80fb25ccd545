"""Fit a network to a bank of drawings, with resume."""

from dataclasses import replace
from pathlib import Path

import keras
import numpy as np

from worker.model.architectures import build_network, members_averaged
from worker.training.config import Config
from worker.training.data.bank import Bank
from worker.training.fitting.devices import batches_shared
from worker.training.fitting.runs import EPOCHS_NAME, RunRecord
from worker.training.fitting.sampling import BeatSequence

FINISHED_NAME = "network.keras"
STATE_NAME = "state"


def members_fit(config: Config, bank: Bank, folder: Path, *, verbose: int | str = "auto") -> keras.Model:
    """Fit each member, and join them; goes on where it was interrupted.

    Members that read other channels may share a seed; those that read the same have one each.
    """
    members = []
    for number in range(config.network.members):
        alone = member_config(config, number)
        seen = bank.first_channels(alone.network.channels) if config.network.member_channels else bank
        members.append(network_fit(alone, seen, folder / str(number), verbose=verbose))
    return members_averaged(members)


def member_config(config: Config, number: int) -> Config:
    """The settings of one member: how many channels it reads, and its seed."""
    channels = config.network.member_channels or (config.network.channels,)
    return replace(
        config,
        network=replace(config.network, channels=channels[number % len(channels)], members=1, member_channels=()),
        training=replace(config.training, seed=config.training.seed + number // len(channels)),
    )


def network_fit(config: Config, bank: Bank, folder: Path, *, verbose: int | str = "auto") -> keras.Model:
    """Train, or go on with a training that was interrupted after an epoch.

    Parameters
    ----------
    config : Config
    bank : Bank
    folder : Path
        Holds the state after each epoch, and ``network.keras`` when training has finished.

    Returns
    -------
    keras.Model
        Output: logits ``[n, 5]``.
    """
    finished = folder / FINISHED_NAME
    if finished.is_file():
        return keras.saving.load_model(finished, compile=False)
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / EPOCHS_NAME
    sequence = BeatSequence(bank, config.training, first_epoch=_epochs_done(log))
    with batches_shared(config.training.batch_size):
        model = network_compiled(config)
        model.fit(
            sequence,
            epochs=config.training.epochs,
            callbacks=[
                keras.callbacks.BackupAndRestore(str(folder / STATE_NAME), delete_checkpoint=False),
                keras.callbacks.CSVLogger(str(log), append=True),
                RunRecord(folder, config.as_document(), config.training.batch_size, progress=verbose != 0),
            ],
            shuffle=False,
            verbose=0,  # the record shows a bar for all epochs
        )
    model.save(finished)
    # Read again without the optimizer's moments, which would triple the size of what is shipped.
    return keras.saving.load_model(finished, compile=False)


def network_compiled(config: Config) -> keras.Model:
    settings = config.training
    network = config.network
    model = build_network(
        config.input_shape,
        height_px=network.height_px,
        stem=network.stem,
        stages=network.stages,
        dense=network.dense,
        dropout=network.dropout,
        seed=settings.seed,
        lines=network.lines,
        series=network.series,
    )
    steps = settings.epochs * (settings.epoch_beats // settings.batch_size)
    warm_up = min(steps // 10, 200)
    schedule = keras.optimizers.schedules.CosineDecay(
        settings.learning_rate / 20,
        decay_steps=max(steps - warm_up, 1),
        warmup_target=settings.learning_rate,
        warmup_steps=warm_up,
    )
    model.compile(
        optimizer=keras.optimizers.AdamW(schedule, weight_decay=settings.weight_decay, clipnorm=1.0),
        loss=keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=settings.label_smoothing),
        metrics=["accuracy"],
        # XLA is slower on a CPU; JAX has no other way to compile.
        jit_compile="auto" if keras.backend.backend() == "jax" else False,
    )
    return model


def _epochs_done(log: Path) -> int:
    return max(len(log.read_text().splitlines()) - 1, 0) if log.is_file() else 0


def prior_folded_in(model: keras.Model, log_prior: np.ndarray) -> None:
    """Add a change of class prior to the bias of the last layer, so that the served network holds it."""
    members = [layer for layer in model.layers if isinstance(layer, keras.Model)]
    if members:  # the mean of the members' logits moves by what each of them moves
        for member in members:
            prior_folded_in(member, log_prior)
        return
    kernel, bias = model.get_layer("logits").get_weights()
    model.get_layer("logits").set_weights([kernel, bias + log_prior.astype(bias.dtype)])
