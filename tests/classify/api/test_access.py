"""Who may call what: every address of the API, every method, every scope; and the other hospital."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from classify.explanations.models import Explanation
from classify.review.models import Reading
from classify.tracings.services import tracing_store
from portal.accounts.models import ApiToken
from portal.accounts.permissions import SCOPES
from portal.accounts.tokens import api_token_revoke
from portal.audit.models import AuditEvent
from tests.classify.api.conftest import API, assert_problem
from tests.support.people import bearer_client
from tests.support.tracings import tracing_with

pytestmark = pytest.mark.django_db

READ_PATIENTS, WRITE_PATIENTS = "patients:read", "patients:write"
READ, WRITE, READ_READINGS = "recordings:read", "recordings:write", "readings:read"

# (address, method) -> the scopes that it needs, all of them. A method that is not here is not allowed at all.
TABLE: Final[dict[tuple[str, str], set[str]]] = {
    ("patients", "GET"): {READ_PATIENTS},
    ("patients", "POST"): {WRITE_PATIENTS},
    ("patient", "GET"): {READ_PATIENTS},
    ("patient", "PATCH"): {READ_PATIENTS, WRITE_PATIENTS},
    ("patient-search", "POST"): {READ_PATIENTS},
    ("recordings", "GET"): {READ},
    ("recordings", "POST"): {READ_PATIENTS, WRITE},
    ("recording", "GET"): {READ},
    ("recording-retry", "POST"): {READ, WRITE},
    ("recording-withdraw", "POST"): {READ, WRITE},
    ("recording-picture", "GET"): {READ},
    ("recording-tracing", "GET"): {READ},
    ("recording-corrections", "POST"): {READ, WRITE},
    ("recording-explanation", "GET"): {READ},
    ("recording-explanation", "POST"): {READ},
    ("predictions", "GET"): {READ},
    ("prediction", "GET"): {READ},
    ("readings", "GET"): {READ_READINGS},
    ("reading", "GET"): {READ_READINGS},
    ("models", "GET"): {READ},
}
WITHOUT_SCOPE: Final = {"schema", "docs", "no-such-address"}
METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")
NAMES: Final = sorted({name for name, _ in TABLE})


@pytest.fixture
def addresses(make_prediction: Callable[..., Any], patient: Any, rita: Any) -> dict[str, str]:
    """Addresses of things that are there, at St Mary's."""
    prediction = make_prediction(patient, "NV")
    reading = Reading.objects.create(prediction=prediction, reader=rita, verdict="confirmed")
    tracing_store(prediction.job, tracing_with())
    Explanation.objects.create(prediction=prediction, beat_index=0, requested_by=rita, queued_at=timezone.now())
    return addresses_of(patient.pk, prediction.recording_id, prediction.pk, reading.pk)


def addresses_of(patient: Any, recording: Any, prediction: Any, reading: Any) -> dict[str, str]:
    return {
        "patients": f"{API}patients/",
        "patient": f"{API}patients/{patient}/",
        "patient-search": f"{API}patients/search",
        "recordings": f"{API}recordings/",
        "recording": f"{API}recordings/{recording}/",
        "recording-retry": f"{API}recordings/{recording}/retry",
        "recording-withdraw": f"{API}recordings/{recording}/withdraw",
        "recording-picture": f"{API}recordings/{recording}/picture",
        "recording-tracing": f"{API}recordings/{recording}/tracing",
        "recording-corrections": f"{API}recordings/{recording}/corrections",
        "recording-explanation": f"{API}recordings/{recording}/beats/0/explanation",
        "predictions": f"{API}predictions/",
        "prediction": f"{API}predictions/{prediction}/",
        "readings": f"{API}readings/",
        "reading": f"{API}readings/{reading}/",
        "models": f"{API}models/",
    }


def test_the_table_knows_every_address_of_the_api() -> None:
    (api,) = [entry for entry in get_resolver().url_patterns if str(entry.pattern) == "api/v1/"]
    assert {pattern.name for pattern in api.url_patterns} == set(NAMES) | WITHOUT_SCOPE


@pytest.mark.parametrize("name", NAMES)
def test_each_call_needs_exactly_its_scopes(
    name: str, addresses: dict[str, str], token_for: Callable[..., str], st_mary: Any
) -> None:
    for method in METHODS:
        needed = TABLE.get((name, method))
        for scope in sorted(SCOPES):
            without = bearer_client(token_for(st_mary, *(SCOPES - {scope})))
            answer = without.generic(method, addresses[name], "{}", content_type="application/json")
            if needed is None:
                assert_problem(answer, 405, "method_not_allowed")
                assert method not in answer["Allow"]
            elif scope in needed:
                body = assert_problem(answer, 403, "permission_denied")
                assert scope in body["detail"]
            else:
                assert answer.status_code not in (401, 403, 404, 405)
        if needed:
            only = bearer_client(token_for(st_mary, *needed))
            answer = only.generic(method, addresses[name], "{}", content_type="application/json")
            assert answer.status_code not in (401, 403, 404, 405)


@pytest.mark.parametrize("name", NAMES)
def test_nobody_gets_anything_without_a_valid_token(
    name: str, addresses: dict[str, str], token_for: Callable[..., str], st_mary: Any, alice: Any
) -> None:
    token = token_for(st_mary)
    ApiToken.objects.filter().update(expires_at=timezone.now() - timedelta(seconds=1))
    revoked = token_for(st_mary)
    api_token_revoke(ApiToken.objects.get(hint=revoked[:8], expires_at__gt=timezone.now()), at=timezone.now())
    stopped = token_for(st_mary)
    service = ApiToken.objects.get(revoked_at=None, expires_at__gt=timezone.now()).user
    type(service).objects.filter(pk=service.pk).update(is_active=False)
    signed_in = Client()
    signed_in.force_login(alice)
    strangers = {
        "not_authenticated": [Client(), signed_in, Client(headers={"Authorization": "Basic YTpi"})],
        "authentication_failed": [
            *(bearer_client(bad) for bad in ("", "btl_nonsense", "a b", "é", token, revoked, stopped)),
        ],
    }
    for code, clients in strangers.items():
        for client in clients:
            for method in (*METHODS, "OPTIONS"):
                answer = client.generic(method, addresses[name])
                assert_problem(answer, 401, code)
                assert answer["WWW-Authenticate"] == "Bearer"
    assert not AuditEvent.objects.filter(via="api").exists()


@pytest.mark.parametrize("name", NAMES)
def test_charlies_system_gets_404_for_everything_of_st_marys(
    name: str, addresses: dict[str, str], charlie_api_client: Client, api_client: Client, patient: Any
) -> None:
    """And the same 404 as for what is nowhere; lists are empty."""
    nowhere = addresses_of(uuid4(), uuid4(), uuid4(), uuid4())[name]
    for method in METHODS:
        if (name, method) not in TABLE:
            continue
        body = {"PATCH": '{"given_name": "Mallory"}', "POST": '{"reason": "x", "query": "vale"}'}.get(method, "")
        answer = charlie_api_client.generic(method, addresses[name], body, content_type="application/json")
        unknown = charlie_api_client.generic(method, nowhere, body, content_type="application/json")
        if name in ("patients", "recordings", "predictions", "readings", "models") and method == "GET":
            assert answer.json() == {"count": 0, "next": None, "previous": None, "results": []}
        elif name not in ("patients", "recordings", "patient-search"):
            assert answer.status_code == 404
            assert answer.json() == unknown.json()
        assert str(patient.pk) not in answer.content.decode()
        assert patient.family_name not in answer.content.decode()
    patient.refresh_from_db()
    assert patient.given_name == "Iris"
    assert not AuditEvent.objects.filter(hospital__name="County", patient_ids__icontains=str(patient.pk)).exists()


def test_charlies_system_finds_nobody_of_st_marys(charlie_api_client: Client, patient: Any) -> None:
    for body in ({"query": patient.family_name}, {"mrn": patient.mrn}, {"birth_date": patient.birth_date.isoformat()}):
        answer = charlie_api_client.post(f"{API}patients/search", body, content_type="application/json")
        assert answer.json()["results"] == []


def test_charlies_system_cannot_narrow_a_list_to_alices_patient(
    charlie_api_client: Client, addresses: dict[str, str], patient: Any
) -> None:
    for name in ("recordings", "predictions", "readings"):
        assert charlie_api_client.get(addresses[name], {"patient": str(patient.pk)}).json()["results"] == []


@pytest.mark.parametrize("name", NAMES)
def test_options_tells_the_methods_and_head_is_a_get_without_a_body(
    name: str, addresses: dict[str, str], api_client: Client
) -> None:
    answer = api_client.options(addresses[name])
    allowed = {method for known, method in TABLE if known == name}
    assert answer.status_code == 204
    assert set(answer["Allow"].split(", ")) - {"HEAD", "OPTIONS"} == allowed
    if "GET" in allowed:
        head = api_client.head(addresses[name])
        assert head.status_code == 200
        assert not getattr(head, "content", b"")


def test_a_call_with_a_token_is_no_use_of_a_session(alice: Any, api_token: str) -> None:
    browser = Client(headers={"Authorization": f"Bearer {api_token}"})
    browser.force_login(alice)
    browser.get("/about/")
    before = dict(browser.session)
    assert browser.get(f"{API}patients/").status_code == 200
    assert dict(browser.session) == before


def test_nothing_of_a_hospital_is_kept_by_a_cache_on_the_way(addresses: dict[str, str], api_client: Client) -> None:
    for name, method in TABLE:
        if method == "GET":
            answer = api_client.get(addresses[name])
            assert answer["Cache-Control"] in ("no-store", "private, no-cache")
            assert "Authorization" in answer["Vary"]
