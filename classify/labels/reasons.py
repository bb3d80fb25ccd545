"""Why a beat has no label, in words."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _

from classify.labels.rules import CONFLICT, TEST_PICTURE, UNREADABLE

NO_PICTURE: Final = "no_picture"
READ_OTHERWISE: Final = "read_otherwise"
WITHDRAWN: Final = "withdrawn"

WORDS: Final = {
    CONFLICT: _("readers differ"),
    UNREADABLE: _("a reader found the recording unreadable"),
    TEST_PICTURE: _("the picture shows a patient that models are tested on"),
    NO_PICTURE: _("the picture can't be read any more"),
    READ_OTHERWISE: _("today's worker finds other beats in the picture"),
    WITHDRAWN: _("entered in error"),
}


def left_out_words(left_out: Mapping[str, int]) -> list[tuple[object, int]]:
    """Reason in words and beats, the most beats first."""
    return [
        (WORDS[reason], beats)
        for reason, beats in sorted(left_out.items(), key=lambda pair: (-pair[1], pair[0]))
        if beats
    ]
