"""What people said of a recording's picture, for the worker."""

from typing import Any

from classify.models import Job, Prediction, Recording
from worker.image.told import Told, told_from


def told_of(job: Job) -> Told:
    """What came with the picture, and over it what was said for this job; None takes back what came before."""
    return told_from({**_came_with(job.recording), **job.told})


def _came_with(recording: Recording) -> dict[str, Any]:
    return {
        "lead": recording.lead or None,
        "speed_mm_s": recording.speed_mm_s,
        "gain_mm_mv": recording.gain_mm_mv,
        "seconds_across": recording.seconds_across,
    }


def told_for(prediction: Prediction) -> Told:
    """What held when a result was made, so that the picture is read the same way again."""
    stored = prediction.settings.get("told")
    return told_of(prediction.job) if stored is None else told_from(stored)
