"""Whatever goes wrong below ``/api/``: one shape, never a page, never a word about a patient."""

import json
from typing import Any

import pytest
from django.test import Client, RequestFactory
from redis.exceptions import ConnectionError as BrokerIsDown

from classify.api import handlers
from portal.accounts.api_authentication import TokenRateThrottle
from tests.classify.api.conftest import API, assert_problem

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "path", ["/api/", "/api/v2/patients/", f"{API}nowhere", f"{API}patients", f"{API}patients/4711/"]
)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_an_unknown_address_is_a_404_for_programs(path: str, method: str) -> None:
    assert_problem(Client().generic(method, path), 404, "not_found")


@pytest.mark.parametrize(
    "body", [b"{", b"\xff\xfe", b'{"mrn": NaN}', b"[" * 50_000, b""], ids=["cut", "bytes", "nan", "deep", "nothing"]
)
def test_malformed_json_is_a_400(api_client: Client, body: bytes) -> None:
    answer = api_client.post(f"{API}patients/", body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["code"] in ("parse_error", "invalid")


def test_a_malformed_upload_is_a_400(api_client: Client) -> None:
    answer = api_client.post(f"{API}recordings/", b"--nonsense", content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 400
    assert_problem(api_client.post(f"{API}recordings/", b"x", content_type="multipart/form-data"), 400, "parse_error")


def test_a_body_of_another_kind_is_a_415(api_client: Client) -> None:
    answer = api_client.post(f"{API}patients/", "<patient/>", content_type="text/xml")
    assert_problem(answer, 415, "unsupported_media_type")


def test_an_accept_header_without_json_is_a_406(api_client: Client) -> None:
    assert_problem(api_client.get(f"{API}patients/", headers={"Accept": "text/html"}), 406, "not_acceptable")


def test_a_huge_body_is_a_413(api_client: Client) -> None:
    body = b'{"query": "' + b"x" * 300_000 + b'"}'
    assert_problem(api_client.post(f"{API}patients/search", body, content_type="application/json"), 413, "too_large")


def test_too_many_calls_are_a_429_that_says_how_long_to_wait(
    api_client: Client, charlie_api_client: Client, monkeypatch: Any
) -> None:
    monkeypatch.setattr(TokenRateThrottle, "THROTTLE_RATES", {"token": "2/min"})
    for _ in range(2):
        assert api_client.get(f"{API}patients/").status_code == 200
    answer = api_client.get(f"{API}patients/")
    assert_problem(answer, 429, "throttled")
    assert 0 < int(answer["Retry-After"]) <= 60
    assert charlie_api_client.get(f"{API}patients/").status_code == 200  # each token has its own count


def test_results_stay_readable_while_the_broker_is_down(api_client: Client, monkeypatch: Any) -> None:
    def down(*args: Any) -> None:
        raise BrokerIsDown

    monkeypatch.setattr("django.core.cache.backends.redis.RedisCache.get", down)
    assert api_client.get(f"{API}patients/").status_code == 200


def test_what_nobody_foresaw_is_a_500_without_details(
    api_client: Client, patient: Any, monkeypatch: Any, caplog: Any
) -> None:
    def broken(*args: Any) -> None:
        raise RuntimeError(f"cannot show {patient.family_name}")

    monkeypatch.setattr("classify.api.views.patients.patient_get", broken)
    api_client.raise_request_exception = False
    answer = api_client.get(f"{API}patients/{patient.pk}/")
    assert_problem(answer, 500, "internal")
    for told in (answer.content.decode(), caplog.text):
        assert patient.family_name not in told
        assert str(patient.pk) not in told.replace(f"{API}patients/{patient.pk}/", "")
    assert "RuntimeError" in caplog.text
    assert "test_errors.py" in caplog.text


def test_errors_before_a_view_are_json_for_the_api_and_pages_elsewhere(settings: Any) -> None:
    api, page = RequestFactory().get("/api/v1/patients/"), RequestFactory().get("/patients/")
    for handler, status, code in (
        (handlers.bad_request, 400, "bad_request"),
        (handlers.permission_denied, 403, "permission_denied"),
        (handlers.not_found, 404, "not_found"),
    ):
        assert_problem(JsonAnswer(handler(api, Exception("secret"))), status, code)
        page.actor = page.user = None
    assert_problem(JsonAnswer(handlers.server_error(api)), 500, "internal")
    assert handlers.server_error(page)["Content-Type"].startswith("text/html")
    settings.ALLOWED_HOSTS = ["beatline.example"]
    assert_problem(Client().get(f"{API}patients/"), 400, "bad_request")


class JsonAnswer:
    """A plain response with the test client's ``json()``."""

    def __init__(self, response: Any) -> None:
        self.status_code, self.content, self._response = response.status_code, response.content, response

    def __getitem__(self, header: str) -> str:
        return self._response[header]

    def json(self) -> Any:
        return json.loads(self.content)
