"""What is said beside a beat: why it is unsure, and why it has no time."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext as _

from classify.models import Beat

LEADS_BELIEVED: Final = ("II", "MLII")  # whatever the model's card says


def doubt_words(beat: Beat, settings: Mapping[str, Any]) -> str:
    """Why the model is unsure about a beat; empty where it is not."""
    if not beat.unsure:
        return ""
    threshold = settings.get("threshold")
    if threshold is None:
        return _("The model is unsure about this beat. Do not rely on its class.")
    if beat.confidence < threshold:
        words = _("The model is unsure about this beat: it is under %(least)d %% confident. Do not rely on its class.")
        return words % {"least": round(100 * threshold)}
    if beat.index in settings.get("beats_in_gaps", ()):
        return _(
            "The model is confident about this beat, but its complex lies in a gap of the trace and could not be read. "
            "Do not rely on its class."
        )
    return _confident_words(beat)


def _confident_words(beat: Beat) -> str:
    """Why a confident answer is not believed, as ``worker.model.trust`` has it: for its lead, or as S in short."""
    if not beat.lead or (beat.aami_class == "S" and beat.lead in LEADS_BELIEVED):
        return _(
            "The model is confident about this beat, but an S beat is told by coming early, and this piece of ECG is "
            "too short to show against what rhythm. Do not rely on its class."
        )
    words = _(
        "The model is confident about this beat, but tests have not shown that it can be believed about such beats "
        "in a piece of lead %(lead)s like this one. Do not rely on its class."
    )
    return words % {"lead": beat.lead}


def no_time_words(answering: int) -> str:
    """Why beats without a time have none, where ``answering`` leads are classified."""
    return _("not told across several leads") if answering > 1 else _("no time scale")
