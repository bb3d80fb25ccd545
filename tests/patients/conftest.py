from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from patients.models import Patient
from patients.services import patient_register
from portal.accounts.actor import Actor

IRIS = {"mrn": "SM-1", "family_name": "Vale", "given_name": "Iris", "birth_date": date(1980, 3, 12), "sex": "female"}
Register = Callable[..., Patient]


@pytest.fixture
def register() -> Register:
    """``register(actor, mrn="7")``: Iris Vale, but for what is named."""

    def make(actor: Actor, **fields: Any) -> Patient:
        return patient_register(actor=actor, **{**IRIS, **fields})

    return make


@pytest.fixture
def iris(register: Register, alice_actor: Actor) -> Patient:
    """A patient of St Mary's."""
    return register(alice_actor)


@pytest.fixture
def search() -> Callable[..., str]:
    """``search(client, "vale")`` is what htmx gets; ``htmx=False`` what a browser without scripts gets."""

    def ask(client: Client, query: str = "", *, htmx: bool = True, **fields: str) -> str:
        headers = {"HX-Request": "true"} if htmx else {}
        answer = client.post("/patients/search/", {"query": query, **fields}, headers=headers)
        assert answer.status_code == 200
        return answer.content.decode()

    return ask
