"""Why there is no explanation, in words."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from classify.reasons import Reason

MODEL_GONE: Final = "model_gone"
PICTURE_GONE: Final = "picture_gone"
READ_DIFFERENTLY: Final = "read_differently"
TIMEOUT: Final = "timeout"
WORKER_LOST: Final = "worker_lost"
INTERNAL: Final = "internal"

_REASONS: Final = {
    MODEL_GONE: (
        _("The version of the model that gave this answer is not here any more."),
        _("Another version would explain another answer, so nothing is shown. An administrator can put it back."),
    ),
    PICTURE_GONE: (
        _("The picture is not stored any more."),
        _("Without it nobody can see again what the network saw. The answer itself stays."),
    ),
    READ_DIFFERENTLY: (
        _("The picture is read differently today than when it was classified."),
        _("Its beats no longer match the answer, so nothing is shown. Upload the picture again for a new answer."),
    ),
    TIMEOUT: (_("It took too long."), _("Try again in a moment.")),
    WORKER_LOST: (_("The worker stopped in the middle."), _("Try again in a moment.")),
    INTERNAL: (_("Something went wrong on our side."), _("Try again in a moment.")),
}


class NotExplainable(Exception):
    """An explanation ends without a result, for a known reason; ``code`` is a key of the sentences here."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def explanation_reason(code: str) -> Reason:
    """What happened and what to do about it."""
    sentence, next_step = _REASONS[code]
    return Reason(str(sentence), str(next_step))
