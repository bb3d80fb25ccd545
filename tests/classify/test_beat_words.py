from typing import Any

import pytest

from classify.beat_words import doubt_words, no_time_words
from classify.models import Beat


def beat_of(aami_class: str, lead: str) -> Beat:
    return Beat(index=0, unsure=True, confidence=0.95, aami_class=aami_class, lead=lead)


@pytest.mark.parametrize(
    ("beat", "found", "words"),
    [
        (Beat(unsure=False, confidence=0.99), {"threshold": 0.9}, ""),
        (Beat(unsure=True, confidence=0.6), {}, "Do not rely on its class"),
        (Beat(unsure=True, confidence=0.6), {"threshold": 0.91}, "under 91 % confident"),
        (beat_of("V", "aVR"), {"threshold": 0.91}, "tests have not shown that it can be believed about such beats in"),
        (beat_of("S", "aVR"), {"threshold": 0.91}, "in a piece of lead aVR like this one"),
        (beat_of("S", ""), {"threshold": 0.91}, "too short to show against what rhythm"),
        (beat_of("S", "II"), {"threshold": 0.91}, "too short to show against what rhythm"),
        (beat_of("N", "II"), {"threshold": 0.91, "beats_in_gaps": [0]}, "could not be read"),
        (beat_of("V", ""), {"threshold": 0.91, "beats_in_gaps": [0]}, "could not be read"),
        (beat_of("S", "V1"), {"threshold": 0.91, "beats_in_gaps": [0]}, "could not be read"),
        (beat_of("S", "II"), {"threshold": 0.91, "beats_in_gaps": [1]}, "too short to show against what rhythm"),
    ],
)
def test_a_doubt_says_what_it_rests_on(beat: Beat, found: dict[str, Any], words: str) -> None:
    assert words in doubt_words(beat, found)
    assert bool(doubt_words(beat, found)) is beat.unsure


def test_no_time_is_no_missing_scale_where_several_leads_answer() -> None:
    assert no_time_words(1) == "no time scale"
    assert no_time_words(3) == "not told across several leads"
