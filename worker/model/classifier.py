"""A loaded model: traces or strips in, calibrated probabilities of the five AAMI classes out."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

# Read by TensorFlow at import: without it every start writes pages of information to the log.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import numpy as np

from worker.ecg.annotations import AAMI_CLASSES
from worker.ecg.beats import Strip
from worker.ecg.drawing import context_columns, crop_columns
from worker.model import layers as _layers  # noqa: F401  registers LineDrawing for loading
from worker.model.calibration import softmax
from worker.model.recording_prior import S, recording_adapted, recording_prior_of, s_move
from worker.model.registry import NETWORK_NAME, ArtifactError, Manifest, read_manifest
from worker.model.trust import trusted_leads

# Every call has one of these batch sizes, padded, so that no new shape is traced while a doctor waits.
BATCH_SIZES: Final = (1, 8, 32)


class Classifier:
    """One artifact.  Build it with ``Classifier.load``."""

    classes = AAMI_CLASSES

    def __init__(self, model: keras.Model, manifest: Manifest) -> None:
        self.kind = manifest.kind
        self.identity = manifest.identity
        self.threshold = manifest.threshold
        self.trusted_leads = trusted_leads(manifest.document)
        self.temperature = manifest.temperature
        self.recording_prior = recording_prior_of(manifest.document)
        self._model = model

    @classmethod
    def load(cls, folder: Path) -> "Classifier":
        """Load an artifact's folder, verify it against its manifest and warm the network up.

        Raises
        ------
        ArtifactError
            If the folder is incomplete or its network is not the manifest's.
        """
        manifest = read_manifest(folder)
        model = keras.saving.load_model(folder / NETWORK_NAME, compile=False, safe_mode=True)
        classifier = cls(model, manifest)
        for size in BATCH_SIZES:
            model.predict_on_batch(np.zeros((size, *model.input_shape[1:]), np.float32))
        return classifier

    @property
    def network(self) -> keras.Model:
        """Drawings in, logits out; for looking inside."""
        return self._model

    def classify_crops(self, traces: Sequence[np.ndarray]) -> np.ndarray:
        """Classify pictures that hold one beat each, without a time scale.

        Parameters
        ----------
        traces : sequence of ndarray, each of shape (n_samples,)
            Evenly sampled along x, positive up, any unit, free of NaN.

        Returns
        -------
        ndarray, shape (n_traces, 5)
            Calibrated probabilities in the order N S V F Q; each row sums to 1.
        """
        self._require("beat")
        if len(traces) == 0:
            return np.empty((0, len(AAMI_CLASSES)))
        return self.probabilities(np.stack([crop_columns(trace) for trace in traces]))

    def classify_strips(self, strips: Sequence[Strip]) -> list[np.ndarray]:
        """Classify every beat of some strips, all in one go.

        Parameters
        ----------
        strips : sequence of Strip

        Returns
        -------
        list of ndarray, each of shape (n_beats, 5)
            Calibrated probabilities in the order N S V F Q; each row sums to 1.
        """
        self._require("context")
        if len(strips) == 0:
            return []
        drawings = [context_columns(strip) for strip in strips]
        ends = np.cumsum([len(drawing) for drawing in drawings])[:-1]
        of_strips = np.split(self.logits(np.concatenate(drawings)), ends)
        adapted = [recording_adapted(logits, self.recording_prior) for logits in of_strips]
        return [softmax(logits / self.temperature) for logits in adapted]

    def s_move(self, columns: np.ndarray) -> float:
        """What the drawings of all beats of a strip add to each one's logit of S."""
        return s_move(self.logits(columns), self.recording_prior) if self.recording_prior else 0.0

    def probabilities(self, columns: np.ndarray, *, s_move: float = 0.0) -> np.ndarray:
        """Calibrated probabilities of drawings, ``[n, channels, columns, 2]`` to ``[n, 5]``.

        Each drawing is answered for itself; ``s_move`` is what its strip says.
        """
        logits = self.logits(columns)
        logits[:, S] += s_move
        return softmax(logits / self.temperature)

    def logits(self, columns: np.ndarray) -> np.ndarray:
        """Logits ``[n, 5]`` of drawings ``[n, channels, columns, 2]``; reads the channels that it was trained with."""
        columns = columns[:, : self._model.input_shape[1]]
        answers = [np.empty((0, len(AAMI_CLASSES)), np.float32)]
        for start in range(0, len(columns), BATCH_SIZES[-1]):
            batch = columns[start : start + BATCH_SIZES[-1]]
            size = next(size for size in BATCH_SIZES if size >= len(batch))
            padded = np.pad(batch, [(0, size - len(batch)), (0, 0), (0, 0), (0, 0)])
            answers.append(self._model.predict_on_batch(padded)[: len(batch)])
        return np.concatenate(answers).astype(np.float64)

    def _require(self, kind: str) -> None:
        if self.kind != kind:
            raise ArtifactError(f"expected a {kind!r} artifact. Received: {self.kind!r}")
