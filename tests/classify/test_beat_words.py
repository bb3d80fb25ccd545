import pytest

from classify.beat_words import doubt_words, no_time_words
from classify.models import Beat
from classify.rhythm_page import Row, rhythm_rows
from worker.ecg.rhythm import LabelledBeat, rhythm_measures


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
    measures = rhythm_measures([LabelledBeat("N", None, False)] * 4)
    alone, several = rhythm_rows(measures), rhythm_rows(measures, answering=3)
    assert alone[0].lines == ("No time scale",)
    assert "several leads" in several[0].lines[0]
    assert alone[1:3] == several[1:3], "how many beats are ectopic is counted over all leads"


def test_no_couplets_are_told_where_one_lead_ends_and_the_next_begins() -> None:
    measures = rhythm_measures([LabelledBeat(label, None, False) for label in "NNVVNNNN"])
    assert _lines_of(rhythm_rows(measures), "Couplets and runs") == ("Ventricular couplet from beat 3",)
    several = rhythm_rows(measures, answering=3)
    assert "several leads" in _lines_of(several, "Couplets, runs, bigeminy")[0]
    assert not any("couplet from" in line for row in several for line in row.lines)


def _lines_of(rows: list[Row], term: str) -> tuple[str, ...]:
    return next(row.lines for row in rows if row.term == term)
