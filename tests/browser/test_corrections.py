"""Correcting a reading over its picture, by mouse, keys and finger; the test itself does the worker's part."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse
from django.utils import timezone

from classify.corrections.services import recording_correct
from classify.images import RecordingImages
from classify.jobs import job_complete, jobs_claim
from classify.models import Job, Prediction, Recording
from classify.review.models import Reading
from classify.services import recording_upload
from classify.told import told_of
from tests.browser.axe import assert_accessible, assert_fits
from tests.browser.conftest import SignIn
from tests.classify.conftest import picture, result_of
from tests.support.people import actor_of
from tests.support.tracings import traced_lead, tracing_with
from worker.tracing import Tracing

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("worker")]
PICTURE = picture(300, 100)
IMAGES = RecordingImages(PICTURE, PICTURE, 300, 100, "0" * 16)


def finish(classes: str = "NNV", tracing: Tracing | None = None) -> None:
    (job,) = jobs_claim(worker="test:1", at=timezone.now() + timedelta(seconds=1))
    result = replace(result_of(classes), tracing=tracing or tracing_with())
    assert job_complete(job=job, attempt=job.attempt, result=result, images=IMAGES, at=timezone.now())


@pytest.fixture
def recording(make_patient: Callable[..., Any], st_mary: Any, alice: Any) -> Recording:
    patient = make_patient(st_mary, alice)
    sent = recording_upload(actor=actor_of(alice), patient=patient, data=picture(300, 100), at=timezone.now())
    finish()
    return sent.recordings[0]


@pytest.fixture
def editor(sign_in: SignIn, alice: Any, recording: Recording) -> "Page":
    page = sign_in(alice)
    page.goto(reverse("classify:recording", args=[recording.pk]))
    page.get_by_role("link", name="Correct the reading").click()
    page.get_by_role("button", name="Turn right").wait_for()
    return page


def drag(page: "Page", name: str, dx: float, dy: float) -> None:
    box = page.get_by_role("button", name=name, exact=True).bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + dx / 2, y + dy / 2)
    page.mouse.move(x + dx, y + dy)
    page.mouse.up()


def said(page: "Page", name: str) -> Any:
    return page.evaluate("(name) => JSON.parse(document.querySelector(`[name=${name}]`).value || 'null')", name)


def click_picture(page: "Page", x: float, y: float) -> None:
    """At a point of the picture, in its own pixels."""
    there = page.evaluate(
        """([x, y]) => {
          const turned = document.querySelector("[data-turned]");
          const point = new DOMPoint(x, y).matrixTransform(turned.getScreenCTM());
          return [point.x, point.y];
        }""",
        [x, y],
    )
    page.mouse.click(*there)


def send(page: "Page") -> Job:
    page.get_by_role("button", name="Read it again").click()
    page.get_by_text("The picture is being read again").wait_for()
    return Job.objects.order_by("-queued_at")[0]


def test_a_strip_is_turned_cropped_and_loses_an_r_peak_and_both_results_stay(
    editor: "Page", recording: Recording
) -> None:
    page = editor
    assert_accessible(page)
    page.get_by_role("button", name="Turn right").click()
    assert said(page, "corners") == [[0, 100], [0, 0], [300, 0], [300, 100]]
    page.get_by_role("button", name="Undo").click()
    page.get_by_label("Straight rectangle").uncheck()
    drag(page, "Lower right corner", -60, -30)
    corners = said(page, "corners")
    assert corners[:2] + corners[3:] == [[0, 0], [300, 0], [0, 100]]
    assert corners[2][0] < 300
    assert corners[2][1] < 100

    page.get_by_label("R peaks").check()
    page.get_by_role("button", name="R peak 2", exact=True).click()
    page.keyboard.press("Delete")
    assert said(page, "r_peaks_removed") == [[90, 20]]
    assert_accessible(page)
    job = send(page)
    told = told_of(job)
    assert told.r_peaks_removed == ((90.0, 20.0),)
    assert told.corners is not None
    assert [list(corner) for corner in told.corners] == corners

    finish("NV")
    page.get_by_text("This is the current result").wait_for()
    page.get_by_role("heading", name="Beat 1 of 2").wait_for()
    page.locator("section", has=page.get_by_role("heading", name="Earlier results")).get_by_role("link").click()
    page.get_by_text("An earlier result").wait_for()
    page.get_by_role("heading", name="Beat 1 of 3").wait_for()
    assert_accessible(page)
    assert Prediction.objects.filter(recording=recording).count() == 2


def test_r_peaks_are_added_moved_and_undone(editor: "Page") -> None:
    page = editor
    page.get_by_label("R peaks").check()
    page.get_by_role("button", name="Add an R peak").press("Enter")
    (added,) = said(page, "r_peaks_added")
    page.keyboard.press("ArrowRight")
    (moved,) = said(page, "r_peaks_added")
    assert moved != added
    page.get_by_role("button", name="Undo").click()
    assert said(page, "r_peaks_added") == [added]
    page.get_by_role("button", name="Undo").click()
    assert said(page, "r_peaks_added") is None
    page.get_by_role("button", name="Redo").click()
    assert said(page, "r_peaks_added") == [added]
    drag(page, "R peak 1", 20, 0)
    assert said(page, "r_peaks_removed") == [[30, 20]]
    assert len(said(page, "r_peaks_added")) == 2
    click_picture(page, 5, 5)  # far from any curve
    assert len(said(page, "r_peaks_added")) == 2
    click_picture(page, 96, 50)
    assert said(page, "r_peaks_added")[2] == pytest.approx([95, 50], abs=2)
    page.get_by_role("button", name="As found").click()
    assert said(page, "r_peaks_added") is said(page, "r_peaks_removed") is None


def test_a_new_r_peak_waits_for_its_place_on_the_trace(editor: "Page") -> None:
    page = editor
    page.get_by_label("R peaks").check()
    button, hint = page.get_by_role("button", name="Add an R peak"), page.locator("[data-place-hint]")
    button.click()
    assert said(page, "r_peaks_added") is None
    assert "Click or tap the trace" in hint.inner_text()
    assert_accessible(page)
    page.keyboard.press("Escape")
    assert not hint.inner_text()
    button.click()
    click_picture(page, 5, 5)  # far from any curve
    assert "No trace was found there" in hint.inner_text()
    click_picture(page, 92, 20)  # beside a peak that is there
    assert said(page, "r_peaks_added") == [pytest.approx([91, 25], abs=5)]
    assert not hint.inner_text()
    assert page.locator(".peak").count() == 4
    button.click()
    page.keyboard.press("Enter")
    assert page.locator(".peak").count() == 5
    assert page.locator(":focus").get_attribute("data-peak") == "4"


def test_the_seconds_that_a_picture_shows_are_told_in_the_form(editor: "Page", recording: Recording) -> None:
    page = editor
    page.get_by_label("Seconds shown").fill("10")
    assert_accessible(page)
    send(page)
    assert told_of(Job.objects.order_by("-queued_at")[0]).seconds_across == 10.0
    finish()
    page.goto(reverse("classify:correct", args=[recording.pk]))
    assert float(page.get_by_label("Seconds shown").input_value()) == 10.0


def test_a_beat_goes_from_all_leads_and_is_named_once(editor: "Page", recording: Recording) -> None:
    page = editor
    page.get_by_label("Paper speed").select_option("50")
    send(page)
    finish(tracing=tracing_with(traced_lead("I"), traced_lead("II", row=1), layout="rows-2"))
    page.goto(reverse("classify:correct", args=[recording.pk]))
    page.get_by_label("R peaks").check()
    assert page.locator(".peak").count() == 6
    page.get_by_role("button", name="R peak 5", exact=True).click()
    page.get_by_role("button", name="Delete the chosen one").click()
    assert page.locator(".peak").count() == 4
    assert said(page, "r_peaks_removed") == [[90, 20]]


def test_a_name_that_two_places_get_is_warned_of_unless_a_rhythm_strip_repeats_it(
    editor: "Page", recording: Recording
) -> None:
    page = editor
    page.get_by_label("Paper speed").select_option("50")
    send(page)
    names = (("I", "aVR"), ("II", "aVL"))
    columns = (traced_lead(n, row=r, column=c) for r, row in enumerate(names) for c, n in enumerate(row))
    finish(tracing=tracing_with(*columns, traced_lead("II", row=2), layout="2x2+1"))
    page.goto(reverse("classify:correct", args=[recording.pk]))
    warning = page.get_by_text("A name is given to more than one place")
    assert not warning.is_visible()
    page.get_by_label("Row 1, column 2").select_option("II")
    assert page.get_by_text("II: Row 1, column 2; Row 2, column 1.").is_visible()
    assert_accessible(page)
    page.get_by_label("Row 2, column 1").select_option("unknown")
    assert not warning.is_visible()
    page.get_by_label("Row 2, column 1").select_option("")
    assert warning.is_visible()
    page.get_by_role("button", name="As found").click()
    assert not warning.is_visible()
    page.get_by_label("Row 1, column 2").select_option("I")
    send(page)
    assert told_of(Job.objects.order_by("-queued_at")[0]).leads == {"0.1": "I"}


def test_corners_move_by_keys_as_the_page_shows_them(editor: "Page") -> None:
    page = editor
    page.get_by_role("button", name="Crop").click()
    page.get_by_role("button", name="Turn right").click()
    before = said(page, "corners")
    assert before == [[15, 95], [15, 5], [285, 5], [285, 95]]
    page.get_by_role("button", name="Upper left corner").focus()
    page.keyboard.press("ArrowRight")  # of the turned page: up in the picture
    page.keyboard.press("Shift+ArrowDown")  # to the right in it
    after = said(page, "corners")
    assert after[0] == [16, 92]
    assert (after[1], after[3]) == ([16, 5], [285, 92])


def test_cropping_keeps_a_frame_that_was_drawn(editor: "Page") -> None:
    page = editor
    page.get_by_role("button", name="Crop").click()
    page.get_by_role("button", name="Upper left corner").focus()
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    drawn = said(page, "corners")
    assert drawn[0] == [45, 5]
    page.get_by_role("button", name="Crop").click()
    assert said(page, "corners") == drawn


def test_on_a_phone_it_fits_and_takes_a_finger(editor: "Page", recording: Recording) -> None:
    page = editor
    page.set_viewport_size({"width": 390, "height": 844})
    assert_fits(page)
    assert_accessible(page)
    page.get_by_role("button", name="Turn left").click()
    assert_fits(page)
    shown = page.get_by_role("img", name="The uploaded picture").bounding_box()
    assert shown
    assert shown["height"] > 2 * shown["width"]
    assert 0 <= shown["x"] <= 390 - shown["width"]
    page.get_by_role("button", name="As found").click()
    # A finger is a pointer like any other.
    page.evaluate(
        """() => {
          const handle = document.querySelector("[data-handle='0']");
          const box = handle.querySelector(".handle-dot").getBoundingClientRect();
          const at = (type, dx, dy) => handle.dispatchEvent(new PointerEvent(type, { bubbles: true, cancelable: true,
            pointerId: 7, pointerType: "touch", isPrimary: true,
            clientX: box.x + box.width / 2 + dx, clientY: box.y + box.height / 2 + dy }));
          handle.setPointerCapture = () => {};
          at("pointerdown", 0, 0); at("pointermove", 25, 12); at("pointerup", 25, 12);
        }"""
    )
    corners = said(page, "corners")
    assert corners[0][0] > 0
    assert corners[0][1] > 0
    assert corners[2] == [300, 100]
    send(page)
    assert_fits(page)
    page.goto(reverse("classify:recording", args=[recording.pk]))
    page.locator(".paper-card").wait_for()
    assert_fits(page)
    assert_accessible(page)


def test_layers_are_switched_by_keys(sign_in: SignIn, alice: Any, recording: Recording) -> None:
    page = sign_in(alice)
    page.goto(reverse("classify:recording", args=[recording.pk]))
    curve = page.locator(".found-curve")
    assert curve.is_visible()
    page.get_by_label("Curves").focus()
    page.keyboard.press("Space")
    assert not curve.is_visible()
    page.get_by_role("checkbox", name="Beats").uncheck()
    assert page.locator(".beat:visible").count() == 0


def test_a_picture_is_turned_and_cropped_before_it_is_sent(
    sign_in: SignIn, alice: Any, make_patient: Callable[..., Any], st_mary: Any
) -> None:
    page = sign_in(alice)
    page.goto(reverse("classify:upload_for", args=[make_patient(st_mary, alice).pk]))
    sent = {"name": "a.png", "mimeType": "image/png", "buffer": picture(300, 100)}
    page.locator("#id_files").set_input_files([sent])
    page.get_by_text("Adjust before sending").click()
    page.get_by_role("button", name="Upper left corner").wait_for()
    shown = page.get_by_role("img", name="The picture", exact=True).bounding_box()
    assert shown
    assert shown["height"] > 100
    page.get_by_role("button", name="Turn right").click()
    page.get_by_role("button", name="Crop").click()
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert_fits(page)
        assert_accessible(page)
    page.locator("[data-send]").click()
    page.get_by_text("Open the result").wait_for()
    assert told_of(Job.objects.get()).corners == ((15.0, 95.0), (15.0, 5.0), (285.0, 5.0), (285.0, 95.0))


def test_a_physician_whose_result_was_replaced_keeps_what_they_entered(
    sign_in: SignIn, rita: Any, alice: Any, recording: Recording
) -> None:
    page = sign_in(rita)
    page.goto(reverse("admin:classify_prediction_change", args=[Prediction.objects.get().pk]))
    page.get_by_label("Your class for beat 1").select_option("S")
    page.get_by_label("Your class for beat 3").select_option("F")
    page.get_by_label("Comment").fill("P waves in lead II")
    recording_correct(recording=recording, actor=actor_of(alice), said={"speed_mm_s": 50}, at=timezone.now())
    finish("NV")
    page.get_by_role("button", name="Sign the correction").click()
    page.get_by_text("Nothing was signed").wait_for()
    assert not Reading.objects.exists()
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert_fits(page)
        assert_accessible(page)
    assert page.get_by_label("Comment").input_value() == "P waves in lead II"
    assert page.get_by_label("Your class for beat 1").input_value() == "S"
    assert page.get_by_text("beat 3, you said F").is_visible()
    page.get_by_role("button", name="Sign the correction").click()
    page.get_by_text("Signed: corrected").wait_for()
    reading = Reading.objects.get()
    assert reading.prediction == Prediction.objects.latest("created_at")
    assert (reading.comment, [c.aami_class for c in reading.corrections.all()]) == ("P waves in lead II", ["S"])
