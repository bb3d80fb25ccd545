import json
from datetime import UTC, datetime

import pytest

from classify.demo import HOSPITALS, PATIENTS, PEOPLE, PICTURES, demo_load, demo_recordings_load
from classify.models import Job, JobState, Recording
from patients.models import Patient
from portal.accounts.actor import actor_of_person, actor_of_token
from portal.accounts.models import ApiToken, Hospital, User
from portal.accounts.tokens import api_token_find

AT = datetime(2026, 3, 1, 9, tzinfo=UTC)
URL = "http://127.0.0.1:8123/api/v1/"


@pytest.fixture(autouse=True)
def media(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.mark.django_db
def test_the_demo_has_two_hospitals_with_a_doctor_and_a_reviewer_each_and_an_administrator() -> None:
    credentials = demo_load(at=AT, base_url=URL)
    people = {(person["role"], person["hospital"]) for person in credentials["people"]}
    clinical = {(role, hospital) for role in ("doctor", "reviewer") for hospital in HOSPITALS}
    assert people == clinical | {("administrator", HOSPITALS[0])}
    assert Patient.objects.count() == len(PATIENTS) >= 6
    assert credentials["api"]["base_url"] == URL


@pytest.mark.django_db
def test_everyone_can_sign_in_with_a_password_that_nobody_else_has() -> None:
    credentials = demo_load(at=AT, base_url=URL)
    for person in credentials["people"]:
        assert User.objects.get(email=person["email"]).check_password(person["password"])
    assert len({person["password"] for person in credentials["people"]}) == len(PEOPLE)


@pytest.mark.django_db
def test_every_picture_goes_into_the_queue_for_the_patient_whose_record_it_shows() -> None:
    token = api_token_find(demo_load(at=AT, base_url=URL)["api"]["token"], at=AT)
    count = demo_recordings_load(at=AT)
    assert count == Recording.objects.count() == Job.objects.filter(state=JobState.QUEUED).count() >= 16
    assert min(Recording.objects.filter(hospital__name=name).count() for name in HOSPITALS) >= 8
    classes = {
        picture["aami_class"] for picture in pictures() if picture["hospital"] == 0 and picture["kind"] == "beat"
    }
    assert classes == set("NSVFQ")
    assert token is not None
    assert Recording.objects.visible_to(actor_of_token(token)).count() == sum(p["hospital"] == 0 for p in pictures())


@pytest.mark.django_db
def test_a_doctor_of_one_hospital_sees_nothing_of_the_other() -> None:
    demo_load(at=AT, base_url=URL)
    here, there = (Hospital.objects.get(name=name) for name in HOSPITALS)
    actor = actor_of_person(User.objects.get(email=PEOPLE[0].email), here)
    assert Patient.objects.visible_to(actor).filter(hospital=here).exists()
    assert not Patient.objects.visible_to(actor).filter(hospital=there).exists()
    assert actor_of_person(User.objects.get(email=PEOPLE[0].email), there) is None


@pytest.mark.django_db
def test_loading_again_adds_nothing_but_new_passwords_and_a_new_token() -> None:
    first = demo_load(at=AT, base_url=URL)
    demo_recordings_load(at=AT)
    second = demo_load(at=AT, base_url=URL)
    recordings = demo_recordings_load(at=AT)
    assert (Patient.objects.count(), Recording.objects.count()) == (len(PATIENTS), recordings)
    assert not User.objects.get(email=PEOPLE[0].email).check_password(first["people"][0]["password"])
    assert api_token_find(first["api"]["token"], at=AT) is None
    assert api_token_find(second["api"]["token"], at=AT) is not None
    assert ApiToken.objects.filter(revoked_at__isnull=True).count() == 1


def pictures() -> list[dict]:
    return json.loads((PICTURES / "pictures.json").read_text())
