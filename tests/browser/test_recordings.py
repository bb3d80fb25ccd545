"""Uploading, waiting and reading a result in a browser; the test itself does the worker's part."""

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse
from django.utils import timezone

from classify.images import RecordingImages
from classify.jobs import job_complete, job_end, jobs_claim
from classify.models import Job, Prediction, Recording
from classify.services import recording_upload
from portal.ops.pulse import Role, pulse_stop
from tests.browser.axe import assert_accessible, assert_fits
from tests.browser.conftest import SignIn
from tests.classify.conftest import picture, result_of
from tests.support.people import actor_of
from tests.support.recordings import picture_bytes
from worker.errors import EcgError

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("worker")]
IMAGES = RecordingImages(picture_bytes(), picture_bytes(), 400, 120, "0" * 16)
WIDTHS = (390, 1024, 1600)


@pytest.fixture
def patient(make_patient: Callable[..., Any], st_mary: Any, alice: Any) -> Any:
    return make_patient(st_mary, alice)


@pytest.fixture
def upload_page(sign_in: SignIn, alice: Any, patient: Any) -> "Page":
    page = sign_in(alice)
    page.goto(reverse("classify:upload_for", args=[patient.pk]))
    return page


def file(name: str, data: bytes | None = None, kind: str = "image/png") -> dict[str, Any]:
    return {"name": name, "mimeType": kind, "buffer": picture() if data is None else data}


def claim() -> Job:
    (job,) = jobs_claim(worker="test:1", at=timezone.now() + timedelta(seconds=1))
    return job


def finish(job: Job, classes: str = "NNVS") -> None:
    result = result_of(classes, unsure="S")
    assert job_complete(job=job, attempt=job.attempt, result=result, images=IMAGES, at=timezone.now())


def selected(page: "Page") -> str | None:
    return page.locator(".beat.is-selected").get_attribute("data-beat")


def test_files_are_shown_before_they_go_and_each_has_its_own_end(upload_page: "Page") -> None:
    page = upload_page
    page.locator("#id_files").set_input_files([file("a.png"), file("b.png"), file("c.jpg", b"words", "image/jpeg")])
    rows = page.locator("li.file")
    assert rows.count() == 3
    rows.nth(0).locator(".file-preview img").wait_for()
    for row, name in zip(rows.all(), ("a.png", "b.png", "c.jpg"), strict=True):
        assert row.get_by_text(name, exact=True).is_visible()
        for part in row.locator("progress, button[data-remove]").all():
            described = part.get_attribute("aria-describedby")
            assert page.locator(f"#{described}").inner_text() == name
    rows.nth(1).get_by_role("button", name="Remove").click()
    assert rows.count() == 2
    assert not Recording.objects.exists()
    page.locator("[data-send]").click()
    rows.nth(1).get_by_text("something else than its name").wait_for()
    assert not rows.nth(1).get_by_text("Adjust before sending").is_visible()
    rows.nth(0).get_by_text("Queued").wait_for()
    assert Recording.objects.count() == 1
    finish(claim(), "NV")
    rows.nth(0).get_by_text("Done").wait_for()
    assert rows.nth(0).locator("[hx-get]").count() == 0


def test_a_file_chosen_before_the_script_has_come_is_shown_and_can_be_sent(upload_page: "Page") -> None:
    held: list[Any] = []
    upload_page.route("**/upload*.js", lambda route: held.append(route))  # not itself: its names are looked at
    upload_page.reload(wait_until="commit")
    upload_page.locator("#id_files").set_input_files([file("early.png")])
    assert not upload_page.locator("li.file").count()
    held[0].continue_()
    upload_page.get_by_text("early.png").wait_for()
    upload_page.locator("[data-send]").click()
    upload_page.locator("[data-outcome=created]").wait_for()


def test_on_a_phone_the_cross_stands_beside_the_name_of_its_file(upload_page: "Page") -> None:
    page = upload_page
    page.set_viewport_size({"width": 390, "height": 844})
    page.locator("#id_files").set_input_files([file("a.png"), file("b.png")])
    for row in page.locator("li.file").all():
        name, cross = row.locator(".file-name").bounding_box(), row.get_by_role("button", name="Remove").bounding_box()
        assert name
        assert cross
        assert cross["y"] < name["y"] + name["height"] / 2 < cross["y"] + cross["height"]
        assert cross["x"] >= name["x"] + name["width"]
    assert_fits(page)
    assert_accessible(page)
    page.get_by_label("Time").fill("07:45")
    page.locator("[data-send]").click()
    page.get_by_role("button", name="Send again").first.wait_for()
    assert_fits(page)


def test_a_duplicate_of_another_patient_asks_before_it_goes(
    upload_page: "Page", make_patient: Callable[..., Any], st_mary: Any, alice: Any
) -> None:
    data = picture()
    page, here = upload_page, upload_page.url
    page.goto(reverse("classify:upload_for", args=[make_patient(st_mary, alice).pk]))
    page.locator("#id_files").set_input_files([file("a.png", data)])
    page.locator("[data-send]").click()
    page.get_by_text("Open the result").wait_for()
    page.goto(here)
    page.locator("#id_files").set_input_files([file("a.png", data)])
    page.locator("[data-send]").click()
    page.get_by_role("button", name="send it").click()
    page.get_by_text("Open the result").wait_for()
    assert Recording.objects.count() == 2


def test_a_date_that_cannot_be_keeps_the_file_for_another_try(upload_page: "Page") -> None:
    page = upload_page
    page.locator("#id_files").set_input_files([file("a.png")])
    page.get_by_label("Time").fill("07:45")
    page.locator("[data-send]").click()
    page.get_by_text("Give the date as well").wait_for()
    page.get_by_label("Date of the ECG").fill("2026-03-01")
    page.get_by_role("button", name="Send again").click()
    page.get_by_text("Open the result").wait_for()
    assert Recording.objects.get().recorded_precision == "exact"


def test_a_session_that_ended_costs_no_file(upload_page: "Page") -> None:
    page = upload_page
    page.locator("#id_files").set_input_files([file("a.png")])
    page.context.clear_cookies()
    page.locator("[data-send]").click()
    page.get_by_text("You were signed out", exact=True).wait_for()
    assert page.locator("li.file").count() == 1
    assert not Recording.objects.exists()


def test_the_result_appears_by_itself_and_is_read_by_keyboard(upload_page: "Page") -> None:
    page = upload_page
    page.locator("#id_files").set_input_files([file("a.png")])
    page.locator("[data-send]").click()
    page.get_by_text("Open the result").click()
    page.get_by_text("place 1").wait_for()
    assert_accessible(page)
    finish(claim())
    page.get_by_role("heading", name="Model says").wait_for()
    assert selected(page) == "4"  # the unsure one
    assert page.locator("#result[hx-get]").count() == 0
    page.locator("[data-beat='4']").focus()
    page.keyboard.press("ArrowLeft")
    assert selected(page) == "3"
    assert page.get_by_role("heading", name="Beat 3 of 4").is_visible()
    assert not page.get_by_role("heading", name="Beat 4 of 4").is_visible()
    page.keyboard.press("Home")
    assert selected(page) == "1"
    page.locator("[data-beat='2']").click()
    assert selected(page) == "2"
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert_fits(page)
        assert_accessible(page)
    page.emulate_media(media="print")
    assert not page.get_by_text("Upload", exact=True).first.is_visible()


def test_a_result_that_needs_a_person_says_so_in_words_at_every_width(sign_in: SignIn, rita: Any, patient: Any) -> None:
    actor = actor_of(rita)
    recording = recording_upload(actor=actor, patient=patient, data=picture(), at=timezone.now()).recordings[0]
    finish(claim(), "NSSS")
    page = sign_in(rita)
    places = (
        reverse("classify:recording", args=[recording.pk]),
        reverse("admin:classify_prediction_change", args=[Prediction.objects.get().pk]),
        reverse("admin:classify_prediction_changelist"),
        reverse("today"),
        reverse("patients:detail", args=[patient.pk]),
    )
    for place in places:
        page.goto(place)
        assert page.get_by_text("The model is unsure about too much").or_(page.get_by_text("Needs a person")).count()
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            assert_fits(page)
            assert_accessible(page)


def test_every_menu_opens_inside_the_window(sign_in: SignIn, rita: Any, patient: Any) -> None:
    recording = recording_upload(actor=actor_of(rita), patient=patient, data=picture(), at=timezone.now()).recordings[0]
    finish(claim())
    page = sign_in(rita)
    for place in (reverse("classify:recording", args=[recording.pk]), reverse("admin:classify_prediction_changelist")):
        page.goto(place)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            for summary in page.locator("details.menu > summary").all():
                summary.click()
                # The panel is moved once the menu says that it is open.
                page.wait_for_function(
                    """() => {
                      const panel = document.querySelector("details.menu[open] .menu-panel");
                      const { left, right } = panel.getBoundingClientRect();
                      return left >= 0 && right <= document.documentElement.clientWidth;
                    }""",
                    timeout=5000,
                )
                page.keyboard.press("Escape")


def test_a_failure_appears_by_itself_and_can_be_tried_again(upload_page: "Page") -> None:
    page = upload_page
    page.locator("#id_files").set_input_files([file("a.png")])
    page.locator("[data-send]").click()
    page.get_by_text("Open the result").click()
    page.get_by_text("place 1").wait_for()
    job_end(job=(job := claim()), attempt=job.attempt, error=EcgError("internal"), at=timezone.now())
    page.get_by_text("Something went wrong on our side").wait_for()
    assert_accessible(page)
    page.get_by_role("button", name="Try again").click()
    page.get_by_text("place 1").wait_for()


def test_the_banner_comes_when_no_worker_is_alive(upload_page: "Page") -> None:
    page = upload_page
    assert page.get_by_text("No worker is running").count() == 0
    pulse_stop(Role.WORKER, "test")
    page.reload()
    page.get_by_text("No worker is running").wait_for()
    assert_accessible(page)


def test_today_and_the_patient_search_fit_and_are_accessible(sign_in: SignIn, alice: Any, patient: Any) -> None:
    page = sign_in(alice)
    for path in (reverse("today"), reverse("classify:upload")):
        page.goto(path)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            assert_fits(page)
            assert_accessible(page)
    page.get_by_label("Search by name").fill(patient.family_name)
    page.get_by_role("link", name=patient.display_name).click()
    page.wait_for_url("**/upload/")
