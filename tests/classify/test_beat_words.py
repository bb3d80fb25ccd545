import pytest

from classify.beat_words import doubt_words, no_time_words
from classify.models import Beat


@pytest.mark.parametrize(
    ("beat", "found", "words"),
    [
        (Beat(unsure=False, confidence=0.99), {"threshold": 0.9}, ""),
        (Beat(unsure=True, confidence=0.6), {}, "Do not rely on its class"),
        (Beat(unsure=True, confidence=0.6), {"threshold": 0.91}, "under 91 % confident"),
        (Beat(unsure=True, confidence=0.95, lead="aVR"), {"threshold": 0.91}, "for such a beat in aVR"),
        (Beat(unsure=True, confidence=0.95, lead=""), {"threshold": 0.91}, "in so short a piece"),
    ],
)
def test_a_doubt_says_what_it_rests_on(beat: Beat, found: dict[str, float], words: str) -> None:
    assert words in doubt_words(beat, found)
    assert bool(doubt_words(beat, found)) is beat.unsure


def test_no_time_is_no_missing_scale_where_several_leads_answer() -> None:
    assert no_time_words(1) == "no time scale"
    assert no_time_words(3) == "not told across several leads"
