"""The demo hospitals: invented people, real ECGs (``portal/ops/demo_pictures``), loaded through the real services.

Loading can be broken off and started again: what is there stays, what is missing is added, and people get new
passwords, because nobody has seen the old ones yet.
"""

import json
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from classify.services import recording_upload
from patients.models import Patient, Precision
from patients.services import patient_register
from portal.accounts.actor import Actor, actor_of_person
from portal.accounts.models import ApiToken, Hospital, User
from portal.accounts.permissions import SCOPES, Role
from portal.accounts.services import (
    hospital_create,
    membership_grant,
    person_create,
    service_account_create,
    token_revoke,
)
from portal.ops.demo_files import Credentials, Person

PICTURES = Path(settings.BASE_DIR) / "portal" / "ops" / "demo_pictures"
HOSPITALS = ("Lakeside Hospital", "Northgate Clinic")  # in the order of a picture's "hospital"
SYSTEM = "Demo monitor gateway"


@dataclass(frozen=True)
class DemoPerson:
    email: str
    full_name: str
    role: Role
    hospital: int


@dataclass(frozen=True)
class DemoPatient:
    """Whose heart one MIT-BIH record shows. Invented, but for sex and age, which the record's header gives."""

    hospital: int
    record: str
    family_name: str
    given_name: str
    birth_date: date
    sex: str

    @property
    def mrn(self) -> str:
        return f"DEMO-{self.record}"


PEOPLE = (
    DemoPerson("doctor@lakeside.example", "Dr. Ines Calloway", Role.DOCTOR, 0),
    DemoPerson("reviewer@lakeside.example", "Dr. Piet Hauser", Role.REVIEWER, 0),
    DemoPerson("doctor@northgate.example", "Dr. Amara Linde", Role.DOCTOR, 1),
    DemoPerson("reviewer@northgate.example", "Dr. Tomas Rey", Role.REVIEWER, 1),
    DemoPerson("admin@beatline.example", "Robin Ashdown", Role.ADMINISTRATOR, 0),  # of both: see ``people_load``
)
PATIENTS = (
    DemoPatient(0, "100", "Arden", "Walter", date(1956, 3, 14), "male"),
    DemoPatient(0, "104", "Brook", "Helen", date(1959, 7, 2), "female"),
    DemoPatient(0, "105", "Castell", "Miriam", date(1952, 11, 23), "female"),
    DemoPatient(0, "200", "Dunmore", "Felix", date(1961, 1, 30), "male"),
    DemoPatient(0, "210", "Ellery", "Hugo", date(1936, 5, 9), "male"),
    DemoPatient(1, "103", "Falk", "Anton", date(1964, 8, 17), "male"),
    DemoPatient(1, "200", "Grove", "Samuel", date(1961, 4, 4), "male"),
    DemoPatient(1, "210", "Hollis", "Edgar", date(1936, 12, 12), "male"),
    DemoPatient(1, "213", "Ivers", "Oskar", date(1964, 6, 21), "male"),
    DemoPatient(1, "217", "Jansen", "Emil", date(1960, 10, 5), "male"),
)


def demo_load(*, at: datetime, base_url: str) -> Credentials:
    """Hospitals, people, patients and a token; the recordings come with ``demo_recordings_load``."""
    hospitals = [_hospital(name) for name in HOSPITALS]
    people = people_load(hospitals)
    for patient in PATIENTS:
        _patient(patient, _doctor(hospitals[patient.hospital]))
    return {"people": people, "api": {"token": _token(hospitals[0], at=at), "base_url": base_url}}


def demo_recordings_load(*, at: datetime) -> int:
    """Uploads every picture for the patient whose record it shows; how many there are."""
    pictures = json.loads((PICTURES / "pictures.json").read_text())
    for number, picture in enumerate(pictures):
        _upload(picture, number, at=at)
    return len(pictures)


def people_load(hospitals: list[Hospital]) -> list[Person]:
    people = [_person(person, hospitals[person.hospital]) for person in PEOPLE]
    administrator = User.objects.get(email=PEOPLE[-1].email)
    for hospital in hospitals:
        membership_grant(hospital=hospital, user=administrator, role=Role.ADMINISTRATOR, actor=None)
    return people


def _hospital(name: str) -> Hospital:
    return Hospital.objects.filter(name=name).first() or hospital_create(name=name)


@transaction.atomic
def _person(person: DemoPerson, hospital: Hospital) -> Person:
    password = secrets.token_urlsafe(12)
    user = User.objects.filter(email=person.email).first()
    if user is None:
        person_create(
            hospital=hospital, email=person.email, full_name=person.full_name, roles=[person.role], password=password
        )
    else:
        user.set_password(password)
        user.save(update_fields=["password"])
    return {"email": person.email, "password": password, "role": str(person.role), "hospital": hospital.name}


def _doctor(hospital: Hospital) -> Actor:
    number = HOSPITALS.index(hospital.name)
    email = next(person.email for person in PEOPLE if (person.role, person.hospital) == (Role.DOCTOR, number))
    actor = actor_of_person(User.objects.get(email=email), hospital)
    if actor is None:
        raise RuntimeError(f"The demo's doctor has no role in {hospital.name} any more.")
    return actor


def _patient(patient: DemoPatient, actor: Actor) -> Patient:
    there = Patient.objects.visible_to(actor).filter(mrn=patient.mrn).first()
    return there or patient_register(
        actor=actor,
        mrn=patient.mrn,
        family_name=patient.family_name,
        given_name=patient.given_name,
        birth_date=patient.birth_date,
        sex=patient.sex,
    )


def _token(hospital: Hospital, *, at: datetime) -> str:
    for old in ApiToken.objects.filter(hospital=hospital, name=SYSTEM, revoked_at__isnull=True):
        token_revoke(token=old, actor=None, at=at)
    _, token = service_account_create(
        hospital=hospital, name=SYSTEM, scopes=SCOPES, expires_at=at + settings.API_TOKEN_LIFETIME, at=at
    )
    return token


def _upload(picture: dict[str, Any], number: int, *, at: datetime) -> None:
    """A strip has an exact time, a single beat only a day; a few days lie between one recording and the next."""
    actor = _doctor(Hospital.objects.get(name=HOSPITALS[picture["hospital"]]))
    recording_upload(
        actor=actor,
        patient=Patient.objects.visible_to(actor).get(mrn=f"DEMO-{picture['record']}"),
        data=(PICTURES / picture["file"]).read_bytes(),
        recorded_at=(at - timedelta(days=3 * (number + 1))).replace(microsecond=0),
        recorded_precision=Precision.EXACT if picture["kind"] == "strip" else Precision.DAY,
        lead=picture["lead"],
        at=at,
    )
