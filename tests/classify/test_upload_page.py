from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from classify.models import Recording
from patients.models import Precision
from tests.classify.conftest import picture, tiff_of

pytestmark = pytest.mark.django_db
FRAGMENT = {"HX-Request": "true"}
BAD_FILES = {
    "The file is empty.": ("a.png", b"", "image/png"),
    "cut short": ("b.png", picture()[:70], "image/png"),
    "something else than its name": ("c.jpg", b"only words", "image/jpeg"),
    "not a kind of file": ("d.txt", b"only words", "text/plain"),
    "too small to show": ("e.png", picture(4, 4), "image/png"),
    "larger than 25 MB": ("f.png", picture() + b"\x00" * (25 * 1024 * 1024), "image/png"),
}


def file(name: str, data: bytes, content_type: str = "image/png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, content_type)


@pytest.fixture
def send(alice_client: Client, patient: Any) -> Callable[..., Any]:
    def post(*files: SimpleUploadedFile, fragment: bool = False, to: Any = None, **fields: Any) -> Any:
        url = reverse("classify:upload_for", args=[(to or patient).pk])
        return alice_client.post(url, {"files": list(files), **fields}, headers=FRAGMENT if fragment else {})

    return post


def text(response: Any) -> str:
    return response.content.decode()


def test_the_patient_is_chosen_first(alice_client: Client, patient: Any) -> None:
    page = text(alice_client.post(reverse("classify:upload"), {"query": patient.family_name}))
    assert reverse("classify:upload_for", args=[patient.pk]) in page


def test_without_a_script_many_files_go_at_once_and_each_bad_one_says_why(send: Callable[..., Any]) -> None:
    bad = [file(*given) for given in BAD_FILES.values()]
    page = text(send(file("good.png", picture()), *bad, file("scan.tif", tiff_of(2), "image/tiff")))
    for sentence in BAD_FILES:
        assert sentence in page
    assert Recording.objects.count() == 3
    assert page.count("Open the result") == 1
    assert "Open page 2 of 2" in page
    assert ": good.png" in page  # a screen reader tells one link from the next


@pytest.mark.parametrize("sentence", BAD_FILES)
def test_a_script_gets_the_sentence_of_its_file(send: Callable[..., Any], sentence: str) -> None:
    response = send(file(*BAD_FILES[sentence]), fragment=True)
    assert response.status_code == 422
    assert sentence in text(response)
    assert "<html" not in text(response)


def test_a_script_gets_a_badge_that_lives(send: Callable[..., Any]) -> None:
    fragment = text(send(file("a.png", picture()), fragment=True))
    recording = Recording.objects.get()
    assert reverse("classify:recording", args=[recording.pk]) in fragment
    assert f'hx-get="{reverse("classify:recording_state", args=[recording.pk])}?as=badge"' in fragment


def test_no_file_at_all_is_said(send: Callable[..., Any]) -> None:
    response = send()
    assert response.status_code == 422
    assert "Choose at least one file." in text(response)


def test_the_same_file_again_links_to_the_recording(send: Callable[..., Any]) -> None:
    data = picture()
    send(file("a.png", data))
    fragment = text(send(file("b.png", data), fragment=True))
    assert "already has this file" in fragment
    assert reverse("classify:recording", args=[Recording.objects.get().pk]) in fragment


def test_the_same_file_at_another_patient_stops_and_asks(
    send: Callable[..., Any], patient: Any, other_patient: Any
) -> None:
    data = picture()
    send(file("a.png", data))
    stopped = send(file("a.png", data), to=other_patient, fragment=True)
    assert stopped.status_code == 409
    assert patient.mrn in text(stopped)
    assert "data-confirm" in text(stopped)
    assert Recording.objects.count() == 1
    plain = text(send(file("a.png", data), to=other_patient))
    assert 'name="confirm_duplicate"' in plain
    assert send(file("a.png", data), to=other_patient, confirm_duplicate="on").status_code == 200
    assert Recording.objects.count() == 2


@pytest.mark.parametrize(
    ("fields", "precision", "taken"),
    [
        ({}, Precision.UNKNOWN, None),
        ({"taken_on": "2026-03-01"}, Precision.DAY, datetime(2026, 3, 1, tzinfo=UTC)),
        ({"taken_on": "2026-03-01", "taken_at": "07:45"}, Precision.EXACT, datetime(2026, 3, 1, 7, 45, tzinfo=UTC)),
    ],
)
def test_the_time_is_kept_as_exactly_as_it_is_known(
    send: Callable[..., Any], fields: dict[str, str], precision: str, taken: datetime | None
) -> None:
    send(file("a.png", picture()), **fields)
    recording = Recording.objects.get()
    assert (recording.recorded_precision, recording.recorded_at) == (precision, taken)


def test_what_is_known_of_the_paper_is_kept(send: Callable[..., Any]) -> None:
    send(file("a.png", picture()), lead="V1", speed_mm_s="50", gain_mm_mv="10", seconds_across="8")
    recording = Recording.objects.get()
    assert (recording.lead, recording.speed_mm_s, recording.gain_mm_mv) == ("V1", 50.0, 10.0)
    assert recording.seconds_across == 8.0


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"taken_on": (timezone.now() + timedelta(days=2)).date().isoformat()}, "taken in the future"),
        ({"taken_at": "07:45"}, "Give the date as well"),
        ({"taken_on": "yesterday"}, "Enter a valid date"),
    ],
)
def test_a_time_that_cannot_be_is_refused_and_what_was_typed_is_kept(
    send: Callable[..., Any], fields: dict[str, str], sentence: str
) -> None:
    response = send(file("a.png", picture()), **fields, lead="V1")
    assert response.status_code == 422
    assert sentence in text(response).replace("&#x27;", "'")
    assert '<option value="V1" selected' in text(response)
    assert sentence in text(send(file("a.png", picture()), fragment=True, **fields)).replace("&#x27;", "'")
    assert not Recording.objects.exists()


def told_corners() -> Any:
    return Recording.objects.get().jobs.get().told.get("corners")


def test_a_picture_goes_with_the_part_that_is_to_be_read(send: Callable[..., Any]) -> None:
    send(file("a.png", picture(300, 100)), fragment=True, corners="[[0,100],[0,0],[300,0],[300,100]]")
    assert told_corners() == [[0, 100], [0, 0], [300, 0], [300, 100]]


def test_corners_that_cannot_be_stop_the_picture(send: Callable[..., Any]) -> None:
    for corners in ("[[0,0],[301,0],[300,100],[0,100]]", "[[0,0]]", "[["):
        answer = send(file("a.png", picture(300, 100)), fragment=True, corners=corners)
        assert answer.status_code == 422
        assert 'data-outcome="invalid"' in text(answer)
    assert not Recording.objects.exists()


def test_corners_are_for_one_picture(send: Callable[..., Any]) -> None:
    send(file("scan.tif", tiff_of(2), "image/tiff"), corners="[[0,0],[200,0],[200,100],[0,100]]")
    assert [recording.jobs.get().told for recording in Recording.objects.all()] == [{}, {}]
