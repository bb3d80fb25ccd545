"""What was read, beside what was sent: on the result page, at the reading desk, and where there is no result."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from classify.models import Prediction, Recording
from classify.tracings.overlay import overlay_of
from classify.tracings.upright import Upright, quarter_turns_of
from tests.classify.corrections.conftest import claimed, finish, refuse
from tests.support.tracings import traced_lead, tracing_with

pytestmark = pytest.mark.django_db
Send = Callable[..., Any]
FOUND = tracing_with(traced_lead("V1"), quarter_turns=1)


@pytest.fixture
def recording(upload: Send) -> Recording:
    return upload().recordings[0]


def page_of(client: Client, recording: Recording) -> str:
    return client.get(reverse("classify:recording", args=[recording.pk])).content.decode()


def test_the_page_shows_what_was_found_over_the_picture(alice_client: Client, recording: Recording) -> None:
    finish(claimed(), tracing=FOUND)
    page = page_of(alice_client, recording)
    assert 'class="layer-page found-page" points="0,0 300,0 300,100 0,100"' in page
    assert page.count('class="found-grid"') == 2
    assert page.count('class="found-curve"') == 1
    assert page.count('class="found-peak"') == 3
    assert page.count("data-layer=") == 5


def test_the_trace_is_drawn_anew_with_its_classes_and_how_it_was_read(
    alice_client: Client, recording: Recording
) -> None:
    finish(claimed(), "NNV", tracing=FOUND, speed_source="printed", gain_mm_mv=5.0, gain_source="pulse")
    page = page_of(alice_client, recording)
    assert page.count("paper-mark class-n") == 2
    assert page.count("paper-mark class-v") == 1
    for words in (
        "25 mm/s, printed on the paper",
        "5 mm/mV, found on the paper's pulse",
        "good, 90 of 100",
        "turned by 90°",
        "25 mm/s · 10 mm/mV",
        "<dd>V1</dd>",
    ):
        assert words in " ".join(page.split()).replace("&#x27;", "'").replace(" </span>", "</span>"), words


def test_a_lead_of_unknown_name_behind_another_is_told_from_it(alice_client: Client, recording: Recording) -> None:
    tracing = tracing_with(traced_lead("I"), traced_lead(None, column=1, start_s=2.4, answers=False), layout="1x2")
    finish(claimed(), tracing=tracing)
    page = page_of(alice_client, recording)
    for name in ("found-name", "paper-name"):
        assert re.findall(rf'class="{name}"[^>]*>([^<]*)<', page) == ["I", "?"]


def test_one_lead_of_unknown_name_has_no_mark(alice_client: Client, recording: Recording) -> None:
    finish(claimed(), tracing=tracing_with(traced_lead(None)))
    assert "paper-name" not in page_of(alice_client, recording)


def test_it_is_said_that_several_leads_were_asked_for_beats_and_which_for_classes(
    alice_client: Client, recording: Recording
) -> None:
    finish(claimed(), tracing=tracing_with(traced_lead("V1", answers=False), traced_lead("II", row=1), layout="rows-2"))
    facts = " ".join(page_of(alice_client, recording).split("read-facts")[1].split())
    assert "<dt>Beats found in</dt><dd>the 2 leads together</dd>" in facts
    assert "<dt>Classified from</dt><dd>II" in facts


def test_a_missing_scale_is_said_in_words(alice_client: Client, recording: Recording) -> None:
    bare = traced_lead(None, fs=None, microvolts=None, heights=(0.0, None, 1.0))
    finish(claimed(), tracing=tracing_with(bare))
    page = page_of(alice_client, recording)
    assert "no time scale · no voltage scale" in page
    assert "Where nothing was seen, nothing is drawn." in page
    assert "a lead of unknown name" in page


def test_where_the_speed_is_unknown_no_seconds_are_drawn(alice_client: Client, recording: Recording) -> None:
    sheet = tracing_with(traced_lead("I"), traced_lead("II", row=1), layout="rows-2")
    refuse(claimed(), "speed_unclear", found=sheet)
    page = page_of(alice_client, recording)
    assert "Speed unknown: drawn on the squares of the picture" in page
    assert "Drawn at 25 mm/s" not in page
    alice_client.post(reverse("classify:correct", args=[recording.pk]), {"speed_mm_s": "50"})
    finish(claimed(), tracing=sheet)
    assert "Drawn at 25 mm/s" in page_of(alice_client, recording)


def test_a_result_from_before_tracings_were_kept_shows_its_picture_alone(
    alice_client: Client, make_prediction: Callable[..., Any], patient: Any
) -> None:
    page = page_of(alice_client, make_prediction(patient).recording)
    assert "data-beats" in page
    assert "paper-card" not in page
    assert "data-layer" not in page


def test_an_unreadable_picture_shows_what_was_found_and_how_to_retake_it(
    alice_client: Client, recording: Recording
) -> None:
    refuse(claimed(), found=FOUND)
    page = page_of(alice_client, recording)
    assert "does not stand out clearly enough" in page
    assert "How to take a picture that can be read" in page
    assert "found-curve" in page
    assert "paper-card" in page
    assert "Classified from" not in page.split("read-facts")[1]
    assert "Beats found in" not in page


def test_it_says_what_was_found_and_why_that_was_not_enough(alice_client: Client, recording: Recording) -> None:
    refuse(claimed(), found=tracing_with(traced_lead("I"), traced_lead("V1", row=1), layout="rows-2"))
    page = page_of(alice_client, recording)
    assert "2 rows; I, V1; up to 3 R peaks in a lead" in page
    assert "The beats that were read from I, V1 do not repeat" in page


@pytest.mark.parametrize(
    ("size", "found", "asks"), [((100, 300), None, 1), ((300, 100), None, 0), ((100, 300), FOUND, 0)]
)
def test_a_standing_picture_in_which_nothing_was_found_may_lie_on_its_side(
    alice_client: Client, recording: Recording, size: tuple[int, int], found: Any, asks: int
) -> None:
    refuse(claimed(), "not_an_ecg", found=found)
    Recording.objects.update(width_px=size[0], height_px=size[1])
    assert page_of(alice_client, recording).count("Does this one lie on its side?") == asks


def test_a_reason_of_its_own_is_not_explained_by_another(alice_client: Client, recording: Recording) -> None:
    refuse(claimed(), "no_beats_found", found=FOUND)
    page = page_of(alice_client, recording)
    assert "<dt>Found</dt>" in page
    assert "Why not enough" not in page


@pytest.mark.parametrize(
    ("turns", "shown"), [(0, 'viewBox="0 0.000 300'), (1, "translate(100 0) rotate(90)"), (2, "rotate(180)")]
)
def test_an_unreadable_picture_stands_as_it_was_read(
    alice_client: Client, recording: Recording, turns: int, shown: str
) -> None:
    page: list[tuple[float, float]] = [(0.0, 0.0), (300.0, 0.0), (300.0, 100.0), (0.0, 100.0)]
    refuse(claimed(), found=tracing_with(traced_lead("I"), page=(*page[-turns:], *page[:-turns])))
    assert shown in page_of(alice_client, recording).replace('viewBox="0 0 300', 'viewBox="0 0.000 300')


def test_a_sheet_is_shown_across_the_page_and_its_answer_explained(alice_client: Client, recording: Recording) -> None:
    leads = (traced_lead("V1", column=1, beats=1), traced_lead("II", row=1, beats=2))
    finish(claimed(), "NNV", tracing=tracing_with(*leads, layout="2x2"), speed_mm_s=25.0)
    Recording.objects.update(width_px=300, height_px=200)
    page = " ".join(page_of(alice_client, recording).split())
    assert "ecg-picture is-wide" in page
    assert "<dd>II, V1</dd>" in page  # from the left
    assert "ecg-scroll" in page.split("picture-card")[1]
    assert "Say which lead it is" not in page


def test_who_may_correct_is_asked_for_the_name_of_a_lead(alice_client: Client, recording: Recording) -> None:
    finish(claimed(), tracing=tracing_with(traced_lead(None)))
    ask = f'<a href="{reverse("classify:correct", args=[recording.pk])}">Say which lead it is</a>'
    assert ask in page_of(alice_client, recording)
    assert "<dt>Lead</dt><dd>II</dd>" in " ".join(page_of(alice_client, recording).split())


def test_the_reading_desk_shows_the_trace_drawn_anew(rita_client: Client, recording: Recording) -> None:
    finish(claimed(), tracing=FOUND)
    desk = reverse("admin:classify_prediction_change", args=[Prediction.objects.get().pk])
    assert "paper-card" in rita_client.get(desk).content.decode()


def test_what_was_entered_in_error_shows_no_trace(alice_client: Client, recording: Recording) -> None:
    from django.utils import timezone

    refuse(claimed(), found=FOUND)
    Recording.objects.update(withdrawn_at=timezone.now(), withdrawn_by=recording.uploaded_by)
    page = page_of(alice_client, recording)
    assert "found-curve" not in page
    assert "paper-card" not in page


def test_a_picture_that_lay_on_its_side_is_shown_as_it_was_read(alice_client: Client, recording: Recording) -> None:
    turned = tracing_with(page=((0.0, 100.0), (0.0, 0.0), (300.0, 0.0), (300.0, 100.0)))
    finish(claimed(), tracing=turned)
    page = page_of(alice_client, recording)
    assert page.count('transform="translate(100 0) rotate(90)"') == 1 + 3
    assert "rotate(-90 15.000 80.000)" in page


def test_marks_are_as_large_on_a_turned_picture() -> None:
    turned = tracing_with(page=((0.0, 4000.0), (0.0, 0.0), (400.0, 0.0), (400.0, 4000.0)))
    level = tracing_with(page=((0.0, 0.0), (4000.0, 0.0), (4000.0, 400.0), (0.0, 400.0)))
    assert overlay_of(turned, (), size_px=(400, 4000)).radius == overlay_of(level, (), size_px=(4000, 400)).radius


def test_a_name_stands_at_the_resting_level_also_after_a_separator() -> None:
    line = ((10.0, 5.0), (11.0, 80.0), (12.0, 80.5), (20.0, 79.5), (30.0, 20.0), *((40.0 + n, 80.0) for n in range(9)))
    (lead,) = overlay_of(tracing_with(traced_lead("V1", line=line)), (), size_px=(300, 100)).leads
    assert (lead.x, lead.y) == (10.0, 80.0)
    turned = tuple((y, 100 - x) for x, y in line)
    page = ((0.0, 100.0), (0.0, 0.0), (300.0, 0.0), (300.0, 100.0))
    (lead,) = overlay_of(tracing_with(traced_lead("V1", line=turned), page=page), (), size_px=(300, 100)).leads
    assert (lead.x, lead.y) == (80.0, 90.0)


def test_a_box_goes_with_its_turned_picture() -> None:
    boxes = [Upright(turns, 300, 100).box((10, 20, 30, 40)) for turns in range(4)]
    assert boxes == [(10, 20, 30, 40), (40, 10, 40, 30), (260, 40, 30, 40), (20, 260, 40, 30)]
    sizes = [Upright(turns, 300, 100).size for turns in range(4)]
    assert sizes == [(300, 100), (100, 300), (300, 100), (100, 300)]


def test_the_first_corner_says_how_the_page_lies() -> None:
    corners = [(0.0, 0.0), (300.0, 4.0), (299.0, 100.0), (2.0, 96.0)]
    rolled = [corners[-turns:] + corners[:-turns] for turns in range(4)]
    assert [quarter_turns_of(page) for page in rolled] == [0, 1, 2, 3]
    assert quarter_turns_of([]) == 0
