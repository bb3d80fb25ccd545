"""The layers that read columns: one draws them as pixels, one takes the height of the line."""

from typing import Any

import keras
from keras import ops

from worker.ecg.drawing import BLANK


@keras.saving.register_keras_serializable(package="beatline")
class LineDrawing(keras.layers.Layer):
    """Draws anti-aliased lines.

    Input ``[n, channels, columns, 2]``: lowest and highest height of the line in a column, -1 to +1 from bottom
    to top (see ``worker.ecg.drawing``).  Output ``[n, height_px, columns, channels]``: ink, 0 to 1.

    Parameters
    ----------
    height_px : int
    line_width_px : float
    """

    def __init__(self, height_px: int, line_width_px: float = 1.5, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.height_px = height_px
        self.line_width_px = line_width_px

    def call(self, columns: Any) -> Any:
        lowest = ops.transpose(columns[..., 0], (0, 2, 1))[:, None]
        highest = ops.transpose(columns[..., 1], (0, 2, 1))[:, None]
        row = (ops.arange(self.height_px, dtype="float32") + 0.5) * (2.0 / self.height_px)
        middle = ops.reshape(1.0 - row, (1, self.height_px, 1, 1))
        outside = ops.maximum(lowest - middle, middle - highest)
        distance_px = ops.maximum(outside, 0.0) * (self.height_px / 2)
        return ops.clip(self.line_width_px / 2 + 0.5 - distance_px, 0.0, 1.0)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return (input_shape[0], self.height_px, input_shape[2], input_shape[1])

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "height_px": self.height_px, "line_width_px": self.line_width_px}


@keras.saving.register_keras_serializable(package="beatline")
class LineHeight(keras.layers.Layer):
    """Middle of the line in each column: ``[n, channels, columns, 2]`` to ``[n, columns, channels]``; 0 where blank."""

    def call(self, columns: Any) -> Any:
        middle = ops.mean(columns, axis=-1)
        return ops.transpose(ops.where(middle > BLANK / 2, 0.0, middle), (0, 2, 1))

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return (input_shape[0], input_shape[2], input_shape[1])
