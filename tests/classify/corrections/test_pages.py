"""Correcting on the pages: without a script what can be said in selects, and both results side by side."""

import json
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from classify.api.serializers.recordings import RecordingUploadSerializer
from classify.api.serializers.tracings import TellSerializer
from classify.corrections.checks import told_checked
from classify.forms import SPEEDS_MM_S
from classify.models import Job, Prediction, Recording
from classify.review.models import Reading
from classify.services import recording_retry
from classify.told import told_of
from portal.audit.models import AuditEvent
from tests.classify.corrections.conftest import LATER, Correct, claimed, finish, refuse
from tests.support.tracings import traced_lead, tracing_with
from worker.image.told import SPEED_LIMITS_MM_S

pytestmark = pytest.mark.django_db


def url_of(recording: Recording) -> str:
    return reverse("classify:correct", args=[recording.pk])


def page_of(client: Client, recording: Recording) -> str:
    return client.get(reverse("classify:recording", args=[recording.pk])).content.decode()


def newest() -> Job:
    return Job.objects.order_by("-queued_at")[0]


def test_the_page_starts_from_what_was_told_and_found(alice_client: Client, recording: Recording) -> None:
    page = alice_client.get(url_of(recording)).content.decode()
    assert '<option value="50" selected>50 mm/s</option>' in page
    (data,) = re.findall(r'<script id="editor-data" type="application/json">(.*?)</script>', page)
    seen = json.loads(data)
    assert (seen["width"], seen["height"], seen["corners"]) == (300, 100, None)
    assert seen["whole"] == [[0, 0], [300, 0], [300, 100], [0, 100]]
    assert [peak["point"] for peak in seen["peaks"]] == [[30, 20], [90, 20], [150, 20]]
    assert [peak["at_s"] for peak in seen["peaks"]] == pytest.approx([0.4, 1.2, 2.0])


def test_speed_gain_lead_and_a_turn_are_said_without_a_script(alice_client: Client, recording: Recording) -> None:
    sent = alice_client.post(
        url_of(recording), {"speed_mm_s": "25", "gain_mm_mv": "5", "lead": "V1", "turn": "1", "seconds_across": "9.5"}
    )
    assert sent.status_code == 302
    told = told_of(newest())
    assert (told.speed_mm_s, told.gain_mm_mv, told.lead, told.seconds_across) == (25.0, 5.0, "V1", 9.5)
    assert told.corners == ((0.0, 100.0), (0.0, 0.0), (300.0, 0.0), (300.0, 100.0))


def test_two_turns_of_a_part_are_half_a_turn_of_it(alice_client: Client, recording: Recording) -> None:
    corners = [[10, 5], [290, 5], [290, 95], [10, 95]]
    alice_client.post(url_of(recording), {"corners": json.dumps(corners), "turn": "2"})
    assert told_of(newest()).corners == ((290.0, 95.0), (10.0, 95.0), (10.0, 5.0), (290.0, 5.0))


def test_r_peaks_come_from_the_editor(alice_client: Client, recording: Recording) -> None:
    alice_client.post(url_of(recording), {"r_peaks_added": "[[120, 40]]", "r_peaks_removed": "[[30, 20]]"})
    told = told_of(newest())
    assert (told.r_peaks_added, told.r_peaks_removed) == (((120.0, 40.0),), ((30.0, 20.0),))


def test_each_lead_of_a_sheet_has_its_name(alice_client: Client, recording: Recording, correct: Correct) -> None:
    sheet = tracing_with(traced_lead("I"), traced_lead("V1", row=1), traced_lead("V2", row=2), layout="rows-3")
    correct(speed_mm_s=25)
    finish(claimed(), tracing=sheet)
    alice_client.post(url_of(recording), {"speed_mm_s": "25", "lead-1.0": "V4", "lead-2.0": "unknown"})
    assert told_of(newest()).leads == {"1.0": "V4", "2.0": ""}
    page = alice_client.get(url_of(recording)).content.decode()
    assert "Row 2, column 1" in page
    assert '<option value="V4" selected>' in page
    assert "I (as found)" in page


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"corners": "[[1,2]"}, "did not arrive whole"),
        ({"corners": "[[0,0],[9999,0],[300,100],[0,100]]"}, "outside the picture"),
        ({"r_peaks_added": "[[NaN, 4]]"}, "x and y in pixels"),
        ({"r_peaks_added": '{"a": 1}'}, "list of points"),
        ({"speed_mm_s": "7"}, "Select a valid choice"),
        ({"seconds_across": "121"}, "less than or equal to 120"),
        ({"lead": "X9"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_meant_is_said_on_the_page(
    alice_client: Client, recording: Recording, said: dict[str, str], words: str
) -> None:
    answer = alice_client.post(url_of(recording), said)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert Job.objects.count() == 1


@pytest.mark.parametrize("speed", [5.0, 6.25, 100.0, 200.0])
def test_whatever_speed_was_told_at_upload_can_stay(upload: Any, alice_client: Client, speed: float) -> None:
    recording = upload(speed_mm_s=speed).recordings[0]
    finish(claimed())
    recording.refresh_from_db()
    assert f"{speed:g} mm/s" in alice_client.get(url_of(recording)).content.decode()
    assert alice_client.post(url_of(recording), {"speed_mm_s": f"{speed:g}", "gain_mm_mv": "5"}).status_code == 302
    assert told_of(newest()).speed_mm_s == speed


def test_form_and_api_offer_and_take_the_same() -> None:
    least, most = SPEED_LIMITS_MM_S
    assert all(least <= speed <= most for speed in SPEEDS_MM_S)
    for serializer in (TellSerializer(), RecordingUploadSerializer()):
        field = serializer.fields["speed_mm_s"]
        assert (field.min_value, field.max_value) == SPEED_LIMITS_MM_S
    assert told_checked({"speed_mm_s": most}, (300, 100)) == {"speed_mm_s": most}


def test_sent_twice_it_is_one_job(alice_client: Client, recording: Recording) -> None:
    said = {"speed_mm_s": "25"}
    answers = [alice_client.post(url_of(recording), said, follow=True).content.decode() for _ in range(2)]
    assert "read again with what you said" in answers[0]
    assert "known already" in answers[1]
    assert Job.objects.count() == 2


def test_the_recording_says_that_a_correction_is_on_its_way(
    alice_client: Client, recording: Recording, correct: Correct
) -> None:
    correct(speed_mm_s=25)
    page = page_of(alice_client, recording)
    assert "being read again" in page
    assert "?as=correction" in page
    assert "Model says" in page
    state = reverse("classify:recording_state", args=[recording.pk]) + "?as=correction"
    assert "every 1s" in alice_client.get(state).content.decode()
    finish(claimed())
    answer = alice_client.get(state).content.decode()
    assert "every 1s" not in answer
    assert 'hx-target="#result"' in answer


def test_the_recording_says_which_result_is_current_and_leads_to_the_earlier_one(
    alice_client: Client, recording: Recording, correct: Correct, rita: Any
) -> None:
    earlier = Prediction.objects.get()
    Reading.objects.create(prediction=earlier, reader=rita, verdict="confirmed", comment="Seen by Rita")
    correct(speed_mm_s=25)
    finish(claimed(), "NNNNN")
    page = page_of(alice_client, recording)
    assert "This is the current result" in page
    assert "Seen by Rita" not in page
    link = reverse("classify:result", args=[earlier.pk])
    assert link in page
    old = alice_client.get(link).content.decode()
    assert "An earlier result" in old
    assert "Beat 3 of 3" in old
    assert "Seen by Rita" in old
    assert "Where the network looked" not in old
    assert AuditEvent.objects.filter(action="prediction.read", target_id=str(earlier.pk)).count() == 1


def test_a_first_result_that_a_correction_brought_says_so(alice_client: Client, upload: Any, alice_actor: Any) -> None:
    recording = upload().recordings[0]
    refuse(claimed(), "speed_unclear", found=tracing_with(traced_lead("I"), traced_lead("II", row=1), layout="rows-2"))
    recording_retry(recording=recording, actor=alice_actor, at=LATER)
    refuse(claimed(), "speed_unclear")
    assert "with what was said" not in page_of(alice_client, recording)
    alice_client.post(url_of(recording), {"speed_mm_s": "50"})
    refuse(claimed(), "no_beats_found")
    assert "came to no result this time either" in page_of(alice_client, recording)
    alice_client.post(url_of(recording), {"speed_mm_s": "25"})
    finish(claimed())
    page = page_of(alice_client, recording)
    assert "This is the current result, read with what was said" in page
    assert "Before that, the picture came to no result" in page
    assert "#earlier-title" not in page


def test_a_first_result_without_a_correction_is_no_corrected_one(alice_client: Client, upload: Any) -> None:
    recording = upload(speed_mm_s=25.0, corners=[[0, 0], [200, 0], [200, 90], [0, 90]]).recordings[0]
    finish(claimed())
    assert "This is the current result" not in page_of(alice_client, recording)


def test_the_current_result_stands_on_the_recordings_page(alice_client: Client, recording: Recording) -> None:
    answer = alice_client.get(reverse("classify:result", args=[Prediction.objects.get().pk]))
    assert answer["Location"] == reverse("classify:recording", args=[recording.pk])


def test_a_refused_correction_says_so_and_keeps_the_result(
    alice_client: Client, recording: Recording, correct: Correct
) -> None:
    correct(speed_mm_s=25)
    refuse(claimed(), "no_beats_found")
    page = page_of(alice_client, recording)
    assert "came to no result" in page
    assert "No heartbeats could be told apart" in page
    assert "Model says" in page


def test_charlie_finds_neither_the_page_nor_an_earlier_result(
    charlie_client: Client, recording: Recording, correct: Correct
) -> None:
    earlier = Prediction.objects.get()
    correct(speed_mm_s=25)
    finish(claimed())
    assert charlie_client.get(url_of(recording)).status_code == 404
    assert charlie_client.post(url_of(recording), {"speed_mm_s": "25"}).status_code == 404
    assert charlie_client.get(reverse("classify:result", args=[earlier.pk])).status_code == 404


def test_what_was_entered_in_error_offers_no_correction(alice_client: Client, recording: Recording) -> None:
    Recording.objects.update(withdrawn_at=timezone.now(), withdrawn_by=recording.uploaded_by)
    assert url_of(recording) not in page_of(alice_client, recording)
    assert alice_client.get(url_of(recording)).status_code == 302
    assert alice_client.post(url_of(recording), {"speed_mm_s": "25"}).status_code == 302
    assert Job.objects.count() == 1


def test_an_unreadable_picture_offers_the_correction(alice_client: Client, upload: Any) -> None:
    recording = upload().recordings[0]
    refuse(claimed(), found=tracing_with())
    page = page_of(alice_client, recording)
    assert page.count(url_of(recording)) == 2
    alice_client.post(url_of(recording), {"turn": "1"})
    assert told_of(newest()).corners is not None
    assert "waits for its turn" in page_of(alice_client, recording)


@pytest.mark.parametrize("code", ["not_an_ecg", "blank_picture"])
def test_what_is_no_ecg_offers_no_correction(alice_client: Client, upload: Any, code: str) -> None:
    recording = upload().recordings[0]
    refuse(claimed(), code)
    assert url_of(recording) not in page_of(alice_client, recording)


@pytest.mark.parametrize(
    "code",
    [
        "no_grid",
        "squares_unclear",
        "part_of_sheet",
        "side_unclear",
        "dark_background",
        "speed_unclear",
        "several_leads",
        "cut_off",
    ],
)
def test_an_ecg_that_lacks_a_persons_word_offers_the_correction(alice_client: Client, upload: Any, code: str) -> None:
    recording = upload().recordings[0]
    refuse(claimed(), code)
    assert page_of(alice_client, recording).count(url_of(recording)) == 2


def test_what_was_said_wrongly_can_be_taken_back_where_nothing_was_found(alice_client: Client, upload: Any) -> None:
    recording = upload(corners=[[0, 0], [60, 0], [60, 60], [0, 60]]).recordings[0]
    refuse(claimed(), "not_an_ecg")
    assert page_of(alice_client, recording).count(url_of(recording)) == 2
