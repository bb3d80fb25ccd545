"""The OpenAPI document says what the API does: complete, valid, and held against the API by schemathesis."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from drf_spectacular.validation import validate_schema
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from classify.api.schema import document
from classify.tracings.services import tracing_store
from portal.accounts.api_authentication import TokenRateThrottle
from portal.wsgi import application
from tests.classify.api.conftest import API
from tests.support.tracings import traced_lead, tracing_with

pytestmark = pytest.mark.django_db
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (path, method, operation)
        for path, methods in document()["paths"].items()
        for method, operation in methods.items()
    ]


def test_the_document_is_valid_openapi_3_1_and_nothing_is_left_to_guess() -> None:
    validate_schema(document())
    assert document()["openapi"] == "3.1.0"
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", "/dev/null")


def test_every_call_is_described_with_its_scopes_its_token_and_its_errors() -> None:
    for path, method, operation in operations():
        said = f"{method} {path}"
        assert operation["summary"], said
        assert "Needs `" in operation["description"], said
        assert operation["security"] == [{"token": []}], said
        assert {"401", "403", "406", "429", "500"} <= set(operation["responses"]), said
        for status, response in operation["responses"].items():
            if status >= "400":
                schema = response["content"]["application/problem+json"]["schema"]
                assert schema == {"$ref": "#/components/schemas/Problem"}, said
    assert document()["components"]["securitySchemes"]["token"]["scheme"] == "bearer"


@pytest.mark.django_db
def test_the_document_is_for_every_token_and_for_whoever_signed_in(
    api_client: Client, admin_ann_client: Client
) -> None:
    for client in (api_client, admin_ann_client):
        answer = client.get(f"{API}schema/")
        assert answer["Content-Type"].startswith("application/json")
        assert answer.json()["openapi"] == "3.1.0"
        assert client.get(f"{API}schema/", headers={"Accept": "application/yaml"}).status_code == 200
    assert Client().get(f"{API}schema/").status_code == 401
    assert Client().get(f"{API}docs/").status_code == 302


@pytest.mark.django_db
def test_the_reference_needs_nothing_from_elsewhere(alice_client: Client) -> None:
    page = alice_client.get(f"{API}docs/")
    assert page.status_code == 200
    text = page.content.decode()
    assert all(address.startswith(("/", "#")) for address in re.findall(r'(?:src|href)="([^"]*)"', text))
    for inline in ("<style", "style=", "onclick"):
        assert inline not in text
    assert all("src=" in tag for tag in text.split("<script")[1:])


@pytest.mark.django_db
def test_the_reference_shows_every_call_and_every_shape(alice_client: Client) -> None:
    text = alice_client.get(f"{API}docs/").content.decode()
    for path, method, operation in operations():
        assert text.count(f'id="{operation["operationId"]}"') == 1
        assert f"{method.upper()} {path}" in text
    for shape in document()["components"]["schemas"]:
        assert text.count(f'id="shape-{shape}"') == 1
    targets = set(re.findall(r'href="#([^"]+)"', text))
    assert targets - set(re.findall(r'id="([^"]+)"', text)) == set()


# --- The API against its document -------------------------------------------------------------------------------------
@pytest.fixture
def connection_stays() -> Iterator[None]:
    """As Django's own test client does: the end of a request does not close the test's connection."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def there(make_prediction: Callable[..., Any], patient: Any, rita: Any) -> dict[str, str]:
    from classify.review.models import Reading

    prediction = make_prediction(patient, "NSVFQ")
    reading = Reading.objects.create(prediction=prediction, reader=rita, verdict="confirmed")
    tracing_store(prediction.job, tracing_with(traced_lead(), traced_lead(None, fs=None, microvolts=None)))
    recording = str(prediction.recording_id)
    return {
        "patients": str(patient.pk),
        "recordings": recording,
        "predictions": str(prediction.pk),
        "readings": str(reading.pk),
    }


@pytest.mark.parametrize(("path", "method"), [(path, method) for path, method, _ in operations()])
def test_the_api_does_what_its_document_says(
    path: str,
    method: str,
    api_token: str,
    there: dict[str, str],
    connection_stays: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(TokenRateThrottle, "THROTTLE_RATES", {"token": "100000/min"})
    described = schemathesis.openapi.from_dict(document())
    described.app = application

    @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(case=described[path][method.upper()].as_strategy())
    def call(case: Any) -> None:
        if "id" in (case.path_parameters or {}) and str(case.path_parameters["id"])[:1] in "01234567":
            case.path_parameters["id"] = there[path.split("/")[3]]  # else every call would end at an unknown id
        case.call_and_validate(headers={"Authorization": f"Bearer {api_token}"}, checks=CHECKS)

    call()
