"""Whoever gets to see a patient leaves a trace, also where an answer is only a form's complaint."""

import pytest
from django.urls import reverse

from classify.review.models import Reading
from patients.services import note_add
from portal.audit.models import AuditEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def patient(make_patient, st_mary, alice):
    return make_patient(st_mary, alice, family_name="Quillfeather")


def names(response):
    return "Quillfeather" in response.content.decode()


def events_of(patient):
    return list(AuditEvent.objects.filter(patient_ids=[str(patient.pk)]).values_list("action", flat=True))


@pytest.mark.parametrize(
    ("address", "sent"),
    [
        ("patients:note_add", {"text": ""}),
        ("patients:edit", {"family_name": "", "mrn": ""}),
        ("classify:upload_for", {}),
        ("classify:upload_for", {"taken_at": "10:00"}),
    ],
)
def test_a_refused_form_about_a_patient_is_a_read_of_the_patient(alice_client, patient, address, sent):
    assert names(alice_client.post(reverse(address, args=[patient.pk]), sent))
    assert events_of(patient) == ["patient.read"]


def test_a_file_that_another_patient_has_names_both_in_the_audit(
    alice, alice_client, alice_actor, patient, make_patient, st_mary
):
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.utils import timezone

    from classify.services import recording_upload
    from tests.support.recordings import picture_bytes

    recording_upload(actor=alice_actor, patient=patient, data=picture_bytes(), at=timezone.now())
    other = make_patient(st_mary, alice)
    file = SimpleUploadedFile("ecg.png", picture_bytes(), "image/png")
    response = alice_client.post(reverse("classify:upload_for", args=[other.pk]), {"files": [file]})
    assert names(response)
    event = AuditEvent.objects.order_by("pk").last()
    assert (event.action, event.patient_ids) == ("patient.read", [str(other.pk), str(patient.pk)])


def test_a_note_that_was_withdrawn_already_is_read_again(alice_client, alice_actor, patient):
    note = note_add(patient=patient, actor=alice_actor, text="Walks again")
    url = reverse("patients:note_withdraw", args=[patient.pk, note.pk])
    for _ in range(2):
        assert "Walks again" in alice_client.post(url, headers={"HX-Request": "true"}).content.decode()
    assert events_of(patient) == ["note.add", "note.withdraw", "note.read"]


def test_a_reading_that_is_refused_is_a_read_of_the_prediction(rita_client, patient, make_prediction):
    prediction = make_prediction(patient)
    url = reverse("admin:classify_prediction_change", args=[prediction.pk])
    assert rita_client.post(url, {"verdict": "nonsense"}).status_code == 422
    assert events_of(patient) == ["prediction.read"]


def test_a_beat_and_a_reading_in_the_admin_leave_a_trace(rita, rita_client, patient, make_prediction):
    prediction = make_prediction(patient)
    reading = Reading.objects.create(prediction=prediction, reader=rita, verdict="confirmed", comment="Clear")
    beat = prediction.beats.first()
    assert rita_client.get(reverse("admin:classify_beat_change", args=[beat.pk])).status_code == 200
    assert rita_client.get(reverse("admin:review_reading_change", args=[reading.pk])).status_code == 200
    assert events_of(patient) == ["beat.read", "reading.read"]
