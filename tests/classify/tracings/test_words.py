import pytest

from classify.tracings.words import answering_words, layout_words, quality_words, source_words
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
