"""Why something that a person asked for cannot be done; the message is for that person."""

from classify.models import Recording


class RecordingError(Exception):
    """A change that this recording does not allow; ``str()`` is a translated sentence."""


class NotRetryable(RecordingError):
    """Only a recording whose work has ended without a result can be tried again."""


class DuplicateOtherPatient(Exception):
    """The same file already stands at another patient of this hospital: one of the two may be the wrong patient."""

    def __init__(self, recording: Recording) -> None:
        super().__init__("duplicate_other_patient")
        self.recording = recording
