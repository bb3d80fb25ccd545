from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection

from patients import services
from patients.models import Patient
from patients.services import patient_register
from patients.validation import MrnTaken
from portal.accounts.actor import Actor
from tests.patients.conftest import IRIS


@pytest.mark.django_db(transaction=True)
def test_of_two_who_register_one_mrn_at_once_one_gets_the_sentence(alice_actor: Actor, rita_actor: Actor):
    start, outcomes = Barrier(2), []

    def register(actor: Actor) -> None:
        try:
            start.wait(timeout=10)
            outcomes.append(patient_register(actor=actor, **IRIS))
        except MrnTaken as error:
            outcomes.append(error)
        finally:
            connection.close()

    threads = [Thread(target=register, args=(actor,)) for actor in (alice_actor, rita_actor)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    patient = Patient.objects.get()
    taken = [outcome for outcome in outcomes if isinstance(outcome, MrnTaken)]
    assert len(outcomes) == 2
    assert [error.existing for error in taken] == [patient]


@pytest.mark.django_db
def test_the_constraint_gives_the_same_sentence_as_the_check(alice_actor: Actor, monkeypatch: pytest.MonkeyPatch):
    """The other one commits between our look and our write."""
    look = services.mrn_require_free

    def look_too_early(**asked: Any) -> None:
        look(**asked)
        if not Patient.objects.exists():
            Patient.objects.create(hospital=alice_actor.hospital, created_by=alice_actor.user, **IRIS)

    monkeypatch.setattr(services, "mrn_require_free", look_too_early)
    with pytest.raises(MrnTaken) as caught:
        patient_register(actor=alice_actor, **IRIS)
    assert caught.value.existing == Patient.objects.get()
