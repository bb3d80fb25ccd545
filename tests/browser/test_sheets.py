"""A sheet of several leads, answered or not, on a desk and on a phone; the test itself does the worker's part."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest
from django.urls import reverse
from django.utils import timezone

from classify.images import RecordingImages
from classify.jobs import job_complete, job_end, jobs_claim
from classify.models import Job, Prediction, Recording
from classify.services import recording_upload
from tests.browser.axe import assert_accessible, assert_fits
from tests.browser.conftest import SignIn
from tests.classify.conftest import picture, result_of
from tests.support.people import actor_of
from tests.support.tracings import traced_lead, tracing_with
from worker.errors import EcgError
from worker.tracing import TracedLead, TracedPeak, Tracing

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("worker")]
WIDTH, HEIGHT = 900, 600
BEATS: Final = 10
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}


def lead_at(name: str, y: float, *, row: int, answers: bool = False) -> TracedLead:
    """Across the sheet, its R peaks 60 px above its resting level."""
    lead = traced_lead(name, beats=BEATS, row=row, answers=answers)
    line = tuple(point for n in range(BEATS) for point in ((90.0 * n, y), (90.0 * n + 45, y - 60), (90.0 * n + 60, y)))
    peaks = tuple(
        replace(peak, point=(90.0 * n + 45, y - 60)) if isinstance(peak, TracedPeak) else peak
        for n, peak in enumerate(lead.peaks)
    )
    return replace(lead, line=line, peaks=peaks)


def sheet(page: tuple[tuple[float, float], ...] = ((0, 0), (WIDTH, 0), (WIDTH, HEIGHT), (0, HEIGHT))) -> Tracing:
    leads = (lead_at("V1", 150, row=0), lead_at("V2", 320, row=1), lead_at("II", 500, row=2, answers=True))
    return tracing_with(*leads, layout="rows-3", page=page)


def images(width: int, height: int) -> RecordingImages:
    shown = picture(width, height)
    return RecordingImages(shown, shown, width, height, "0" * 16)


@pytest.fixture
def recording(make_patient: Callable[..., Any], st_mary: Any, alice: Any) -> Recording:
    patient = make_patient(st_mary, alice)
    sent = recording_upload(actor=actor_of(alice), patient=patient, data=picture(300, 200), at=timezone.now())
    return sent.recordings[0]


def claimed() -> Job:
    (job,) = jobs_claim(worker="test:1", at=timezone.now() + timedelta(seconds=1))
    return job


def answer() -> None:
    result = result_of("N" * BEATS)
    beats = tuple(replace(beat, box=(90 * beat.index, 430, 88, 80)) for beat in result.beats)
    result = replace(result, kind="sheet", beats=beats, tracing=sheet(), width_px=WIDTH, height_px=HEIGHT)
    job = claimed()
    assert job_complete(job=job, attempt=job.attempt, result=result, images=images(WIDTH, HEIGHT), at=timezone.now())


def box_of(place: "Locator") -> dict[str, float]:
    box = place.bounding_box()
    assert box
    return dict(box)


@pytest.fixture
def result_page(sign_in: SignIn, alice: Any, recording: Recording) -> "Page":
    answer()
    page = sign_in(alice)
    page.goto(reverse("classify:recording", args=[recording.pk]))
    return page


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_labels_stand_at_the_lead_that_answers_and_can_be_read(result_page: "Page", size: Any) -> None:
    page = result_page
    page.set_viewport_size(size)
    label, box = (box_of(page.locator(f"[data-beat='4'] .{part}")) for part in ("beat-label-ground", "beat-box"))
    assert 0 <= box["y"] - (label["y"] + label["height"]) < label["height"]
    assert label["height"] >= 14
    assert box_of(page.locator("[data-beat='4']"))["width"] >= 44
    assert_fits(page)
    assert_accessible(page)


def test_names_and_squares_leave_the_print_free(result_page: "Page") -> None:
    page = result_page
    name = box_of(page.locator(".found-name").first)
    image = box_of(page.get_by_role("img", name="The uploaded picture"))
    assert name["y"] > image["y"] + 150 * image["width"] / WIDTH  # under the curve: names are printed over it
    grid = page.locator(".layer-grid")
    assert grid.evaluate("grid => getComputedStyle(grid).display") == "none"
    page.get_by_label("Grid").check()
    assert grid.evaluate("grid => getComputedStyle(grid).display") == "inline"


def test_on_a_phone_picture_and_paper_follow_the_chosen_beat(result_page: "Page") -> None:
    page = result_page
    page.set_viewport_size(PHONE)
    page.locator("[data-beat='1']").focus()
    page.keyboard.press("End")
    for place in (page.locator("[data-beat='10']"), page.locator("[data-mark='10']")):
        box = box_of(place)
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
    assert page.locator("[data-mark].is-selected").get_attribute("data-mark") == "10"
    assert page.get_by_text("Scroll sideways").first.is_visible()
    page.set_viewport_size(DESK)
    assert not page.get_by_text("Scroll sideways").first.is_visible()


def test_at_the_desk_picture_and_paper_follow_the_readers_class(
    sign_in: SignIn, rita: Any, recording: Recording
) -> None:
    answer()
    page = sign_in(rita)
    page.goto(reverse("admin:classify_prediction_change", args=[Prediction.objects.get().pk]))
    page.locator("[data-beat='3']").click()
    page.keyboard.press("v")
    for place, letter in (("[data-beat='3']", ".beat-letter"), ("[data-mark='3']", ".paper-letter")):
        assert page.locator(f"{place} {letter}").text_content() == "V"
        assert "class-v" in (page.locator(place).get_attribute("class") or "").split()
        assert (page.locator(f"{place} use").get_attribute("href") or "").endswith("#class-V")
    assert page.locator("[data-mark='4'] .paper-letter").text_content() == "N"
    page.keyboard.press("ArrowRight")
    assert page.locator("[data-mark].is-selected").get_attribute("data-mark") == "4"


@pytest.mark.parametrize("width", [360, 390])
def test_at_the_desk_a_phone_shows_the_longest_class_whole(
    sign_in: SignIn, rita: Any, recording: Recording, width: int
) -> None:
    answer()
    page = sign_in(rita)
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(reverse("admin:classify_prediction_change", args=[Prediction.objects.get().pk]))
    select = page.get_by_label("Your class for beat 3")
    select.select_option("S")
    shown = box_of(select)["width"]
    assert shown >= select.evaluate("select => { select.style.width = 'max-content'; return select.offsetWidth; }")
    assert page.locator(".table-wrap", has=select).evaluate("wrap => wrap.scrollWidth <= wrap.clientWidth")
    assert_fits(page)
    assert_accessible(page)


def test_links_in_the_table_take_a_finger(result_page: "Page") -> None:
    page = result_page
    page.set_viewport_size(PHONE)
    page.get_by_text("All 10 beats as a table").click()
    for link in (page.locator("[data-beat-link='3']"), page.get_by_role("link", name="Patients", exact=True).last):
        box = box_of(link)
        assert min(box["width"], box["height"]) >= 44
    assert_fits(page)


def test_a_refused_sheet_stands_upright_with_what_it_lacks(sign_in: SignIn, alice: Any, recording: Recording) -> None:
    turned = sheet(page=((0, WIDTH), (0, 0), (HEIGHT, 0), (HEIGHT, WIDTH)))
    job, error = claimed(), EcgError("trace_unclear", found=turned)
    assert job_end(job=job, attempt=job.attempt, error=error, images=images(HEIGHT, WIDTH), at=timezone.now())
    page = sign_in(alice)
    page.goto(reverse("classify:recording", args=[recording.pk]))
    for size in (PHONE, DESK):
        page.set_viewport_size(size)
        image = box_of(page.locator(".picture-card image"))
        assert image["width"] == pytest.approx(image["height"] * WIDTH / HEIGHT, rel=0.02)
        assert page.get_by_text("3 rows; V1, V2, II; up to 10 R peaks in a lead").is_visible()
        assert page.get_by_text("read from II do not repeat").is_visible()
        assert page.get_by_text("A whole sheet with its squares").is_visible()
        assert_fits(page)
        assert_accessible(page)
