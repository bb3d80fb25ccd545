"""The sentences behind the codes, in the reader's language."""

from typing import NamedTuple

from django.utils.translation import gettext

from worker.reasons import REASONS


class Reason(NamedTuple):
    sentence: str
    next_step: str


def reason_sentence(code: str) -> Reason:
    """What happened and what to do about it, for a code of ``worker.errors.OUTCOME_OF_CODE``."""
    sentence, next_step = REASONS[code]
    return Reason(gettext(sentence), gettext(next_step))
