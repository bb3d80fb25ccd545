"""What people said of a recording's picture, for the worker."""

from classify.models import Prediction, Recording
from worker.image.told import Told, told_from


def told_of(recording: Recording) -> Told:
    """What came with the picture."""
    return Told(lead=recording.lead or None, speed_mm_s=recording.speed_mm_s, gain_mm_mv=recording.gain_mm_mv)


def told_for(prediction: Prediction) -> Told:
    """What held when a result was made, so that the picture is read the same way again."""
    stored = prediction.settings.get("told")
    return told_of(prediction.recording) if stored is None else told_from(stored)
