from classify.models.idempotency import IdempotencyKey
from classify.models.job import Job, JobState
from classify.models.prediction import Beat, Prediction
from classify.models.recording import Recording, RecordingMove, recording_path

__all__ = ["Beat", "IdempotencyKey", "Job", "JobState", "Prediction", "Recording", "RecordingMove", "recording_path"]
