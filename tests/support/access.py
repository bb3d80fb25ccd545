"""St Mary's objects, and everybody who knocks at their addresses."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction
from django.test import Client

from tests.support.people import bearer_client, signed_in
from tests.support.tracings import tracing_with
from tests.support.url_map import Address

SIGN_IN: Final = ("/account/login/", "/admin/login/")
# Carol is all that one can be at County: administrator, reviewer and doctor.
PEOPLE: Final = ("nobody", "alice", "rita", "ann", "charlie", "carol")
CALLERS: Final = ("nobody", "alice", "token", "county")
PAGE_METHODS: Final = ("GET", "POST")
API_METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True, slots=True)
class World:
    """Who there is, and which object of St Mary's stands for each parameter of an address."""

    clients: dict[str, Client]
    objects: dict[str, str]

    def value_of(self, key: str, parameter: str) -> str:
        """The most special name first: ``accounts:person pk``, then ``classify_beat object_id``, then ``pk``."""
        names = [
            f"{key} {parameter}",
            *(n for n in self.objects if n.endswith(f" {parameter}") and n.split()[0] in key),
        ]
        return next((self.objects[name] for name in [*names, parameter] if name in self.objects), "nothing")

    def answer(self, address: Address, person: str, method: str) -> str:
        """The status that this person gets, or ``in``: please sign in. Whatever the request changed is undone."""
        client = self.clients[person]
        cookies = deepcopy(client.cookies)
        with transaction.atomic():
            response = client.generic(method, address.path(self.value_of))
            transaction.set_rollback(True)
        client.cookies = cookies
        asks = response.status_code == 302 and response["Location"].startswith(SIGN_IN)
        return "in" if asks else str(response.status_code)


def build(request_fixture: Callable[[str], Any]) -> World:
    """The world from the fixtures of ``people`` and ``recordings``."""
    from classify.models import Beat
    from classify.review.models import Reading
    from classify.tracings.services import tracing_store
    from patients.models import Note
    from portal.accounts.models import ApiToken

    st_mary, county, join = (request_fixture(name) for name in ("st_mary", "county", "join"))
    alice, rita = request_fixture("alice"), request_fixture("rita")
    patient = request_fixture("make_patient")(st_mary, alice)
    prediction = request_fixture("make_prediction")(patient)
    tracing_store(prediction.job, tracing_with())
    failed = request_fixture("make_recording")(patient, "failed", reason="internal")
    note = Note.objects.create(patient=patient, author=alice, text="A remark")
    reading = Reading.objects.create(prediction=prediction, reader=rita, verdict="confirmed")
    invitation = _invitation(st_mary)
    token = request_fixture("api_token")
    carol = join(county, "carol", "administrator", "reviewer", "doctor")
    clients = {
        "nobody": Client(),
        "token": bearer_client(token),
        "county": bearer_client(request_fixture("token_for")(county)),
        "carol": signed_in(carol),
        "ann": signed_in(request_fixture("admin_ann")),
        **{name: signed_in(request_fixture(name)) for name in ("alice", "rita", "charlie")},
    }
    objects = {
        "patient_id": patient.pk,
        "note_id": note.pk,
        "recording_id": prediction.recording_id,
        "prediction_id": prediction.pk,
        "number": 1,
        "index": 0,
        "classify:retry recording_id": failed.pk,
        "labels pk": _label_export(st_mary).pk,
        "accounts:person pk": alice.pk,
        "accounts:deactivate pk": alice.pk,
        "accounts:invitation pk": invitation.pk,
        "accounts:token_revoke pk": ApiToken.objects.get(hospital=st_mary).pk,
        "classify_prediction object_id": prediction.pk,
        "classify/prediction object_id": prediction.pk,
        "classify_beat object_id": Beat.objects.first().pk,  # type: ignore[union-attr]
        "classify/beat object_id": Beat.objects.first().pk,  # type: ignore[union-attr]
        "review_reading object_id": reading.pk,
        "review/reading object_id": reading.pk,
        "api:patient id": patient.pk,
        "api:recording-retry id": failed.pk,
        "api:recording id": prediction.recording_id,
        "api:prediction id": prediction.pk,
        "api:reading id": reading.pk,
        "app_label": "classify",
        "version_id": _candidate(request_fixture).pk,
        "registry:roll_back kind": "context",
    }
    return World(clients, {name: str(value) for name, value in objects.items()})


def _candidate(request_fixture: Callable[[str], Any]) -> Any:
    """A model that may be promoted, beside one in use that has replaced another."""
    from django.utils import timezone

    from classify.registry.services import model_promote

    make_version, ann = request_fixture("make_version"), request_fixture("admin_ann_actor")
    first, second = make_version("context", "1.0.0"), make_version("context", "2.0.0", f1=0.85)
    model_promote(actor=ann, candidate=second, instead_of=first.pk, reason="Better", at=timezone.now())
    return make_version("context", "3.0.0", f1=0.9)


def _label_export(hospital: Any) -> Any:
    from django.core.files.base import ContentFile
    from django.utils import timezone

    from classify.labels.models import LabelExport

    export = LabelExport(hospital=hospital, number=1, state="done", requested_at=timezone.now(), counts={"N": 3})
    export.package.save("x", ContentFile(b"a package"), save=False)
    export.save()
    return export


def _invitation(hospital: Any) -> Any:
    from django.utils import timezone

    from portal.accounts.services import person_invite

    invitation, _ = person_invite(
        hospital=hospital, email="new@example.org", full_name="New", roles=["doctor"], at=timezone.now(), actor=None
    )
    return invitation
