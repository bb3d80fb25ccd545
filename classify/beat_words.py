"""What is said beside a beat: why it is unsure, and why it has no time."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from classify.models import Beat


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
    if beat.lead:
        words = _("Unsure for all its confidence: the model has no good figures for such a beat in %(lead)s here.")
        return words % {"lead": beat.lead}
    return _("Unsure for all its confidence: the model has no good figures for such a beat in so short a piece.")


def no_time_words(answering: int) -> str:
    """Why beats without a time have none, where ``answering`` leads are classified."""
    return _("not told across several leads") if answering > 1 else _("no time scale")
