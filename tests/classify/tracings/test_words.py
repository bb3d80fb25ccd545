import pytest

from classify.tracings.words import (
    answering_words,
    beats_words,
    found_words,
    lack_words,
    layout_words,
    quality_words,
    source_words,
)
from tests.support.tracings import traced_lead, tracing_with


@pytest.mark.parametrize(
    ("layout", "words"),
    [
        ("rows-1", "1 row"),
        ("rows-3", "3 rows"),
        ("3x4", "3 rows of 4"),
        ("3x4+1", "3 rows of 4 and a rhythm strip"),
        ("3x4+3", "3 rows of 4 and 3 rhythm strips"),
        ("12x1", "12 rows of 1"),
        ("spiral", "spiral"),
    ],
)
def test_layouts_in_words(layout: str, words: str) -> None:
    assert layout_words(layout) == words


def test_quality_in_words() -> None:
    assert [quality_words(quality) for quality in (80, 79, 50, 49)] == [
        "good, 80 of 100",
        "fair, 79 of 100",
        "fair, 50 of 100",
        "poor, 49 of 100",
    ]


def test_leads_that_answer_are_named_once() -> None:
    leads = [traced_lead("I"), traced_lead("I", column=1), traced_lead(None), traced_lead("V1", answers=False)]
    assert answering_words(tracing_with(*leads)) == "I, a lead of unknown name"


def test_a_source_that_is_not_known_says_nothing() -> None:
    assert (source_words("user"), source_words(None)) == ("told by a person", "")


def test_what_was_found_and_what_it_lacks() -> None:
    one = tracing_with(traced_lead("II", quality=70, gap_fraction=0.2, answers=False, beats=1), layout="rows-1")
    assert found_words(one) == "1 row; II; 1 R peak in a lead"
    assert lack_words(one).endswith("The best is II: fair, 70 of 100, 20 % not seen.")
    worse = traced_lead(None, quality=40, answers=False)
    two = tracing_with(worse, traced_lead(None, quality=60, answers=False, row=1), layout="rows-2")
    assert found_words(two) == "2 rows; a lead of unknown name; up to 3 R peaks in a lead"
    assert "fair, 60 of 100" in lack_words(two)


def test_leads_that_answer_are_named_from_the_left() -> None:
    leads = (traced_lead("V1", column=2), traced_lead("I", column=1, answers=False), traced_lead("II", row=1))
    assert answering_words(tracing_with(*leads)) == "II, V1"


def test_beats_are_looked_for_in_all_leads_together() -> None:
    assert beats_words(tracing_with(traced_lead("I"), traced_lead("II", answers=False))) == "the 2 leads together"
    assert beats_words(tracing_with(traced_lead("I"))) == ""
