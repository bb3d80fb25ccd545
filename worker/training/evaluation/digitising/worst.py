"""The pictures that were read worst, with what was read of them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image

from worker.image.decode import decode_picture
from worker.training.evaluation.digitising.drawing import Sources, Task, picture_of, recording_of
from worker.training.evaluation.digitising.measured import Measured
from worker.training.pictures.overlays import overlay, overlays_tiled, read_or_error, said_of

_SHOWN: Final = 12  # of each kind


def worst_written(folder: Path, measured: Sequence[Measured], sources: Sources) -> list[Path]:
    """An image for each kind: half of it pictures that were not read, half of it those with the lowest SNR."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for kind in dict.fromkeys(one.task.kind for one in measured):
        chosen = worst_of([one for one in measured if one.task.kind == kind])
        paths.append(folder / f"worst-{kind}.png")
        overlays_tiled([_shown(one, sources) for one in chosen]).save(paths[-1])
    return paths


def worst_of(measured: Sequence[Measured], count: int = _SHOWN) -> list[Measured]:
    """The first ``count`` to look at: easier levels first among those not read, lowest SNR first among the others."""
    not_read = [one for one in measured if one.facts is None]
    read = sorted((one for one in measured if one.facts is not None), key=_median_snr)
    refused = not_read[: max(count // 2, count - len(read))]
    return [*refused, *read[: count - len(refused)]]


def _median_snr(one: Measured) -> float:
    curves = one.facts.curves if one.facts else ()
    return float(np.median([curve.snr_db for curve in curves])) if curves else np.inf


def _shown(one: Measured, sources: Sources) -> tuple[str, Image.Image]:
    task: Task = one.task
    picture = decode_picture(picture_of(task, recording_of(task, sources)).data)
    end = read_or_error(picture)
    snr = "" if one.facts is None else f"{_median_snr(one):.1f} dB, "
    return f"{task.level} {task.number}: {snr}{said_of(end)}", overlay(picture, end)
