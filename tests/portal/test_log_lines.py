"""What the portal writes to its log: nothing of a patient, whatever goes wrong."""

import io
import logging
from collections.abc import Iterator

import pytest
from django.test import Client


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the settings' own handler writes."""
    handler = next(h for h in logging.getLogger().handlers if type(h) is logging.StreamHandler)
    written = io.StringIO()
    before = handler.setStream(written)
    yield written
    handler.setStream(before)


@pytest.fixture
def failing_list(monkeypatch) -> None:
    def fail(*_args: object) -> None:
        try:
            raise KeyError("Quillfeather")
        except KeyError as error:
            raise RuntimeError("Key (mrn)=(MRN-4711) already exists.") from error

    monkeypatch.setattr("patients.views.patient_list._listing", fail)


def test_an_unhandled_error_is_logged_by_type_and_place_and_never_with_its_text(failing_list, alice_client, log):
    alice_client.raise_request_exception = False
    assert alice_client.get("/patients/").status_code == 500
    assert "ERROR django.request 500 GET /patients/" in log.getvalue()
    assert "RuntimeError" in log.getvalue()
    assert "KeyError" in log.getvalue()
    assert "test_log_lines.py:" in log.getvalue()
    assert "MRN-4711" not in log.getvalue()
    assert "Quillfeather" not in log.getvalue()


def test_what_somebody_typed_into_the_address_bar_is_not_logged(alice_client, log):
    alice_client.get("/patients/Quillfeather/")
    assert "404 GET no known address" in log.getvalue()
    assert "Quillfeather" not in log.getvalue()


def test_the_token_of_a_link_is_not_logged(db, log):
    Client().get("/invitation/a-token-that-nobody-may-read/")
    assert "404 GET /invitation/<str:token>/" in log.getvalue()
    assert "a-token" not in log.getvalue()


def test_a_refused_form_is_logged_without_its_path(alice, log):
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    assert client.post("/patients/register/", {"family_name": "Quillfeather"}).status_code == 403
    assert "403 POST /patients/register/" in log.getvalue()
    assert "Quillfeather" not in log.getvalue()


def test_a_failed_task_is_logged_without_the_error_s_text(log):
    try:
        raise ValueError("Quillfeather")
    except ValueError as error:
        context = {"name": "a.task", "exc": repr(error), "traceback": "Quillfeather"}
        logging.getLogger("celery.app.trace").error("Task %(name)s: %(exc)s%(traceback)s", context, exc_info=True)
    assert "Task a.task" in log.getvalue()
    assert "ValueError" in log.getvalue()
    assert "Quillfeather" not in log.getvalue()
