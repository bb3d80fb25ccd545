import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpResponse
from django.test import Client, RequestFactory

from portal.pages import errors

SECRET = "ward-alice-100234"


@pytest.mark.parametrize(
    ("handler", "exception", "status"),
    [
        (errors.bad_request, SuspiciousOperation(SECRET), 400),
        (errors.permission_denied, PermissionDenied(SECRET), 403),
        (errors.not_found, Http404(SECRET), 404),
    ],
)
def test_an_error_page_tells_nothing_of_what_was_asked_for(handler, exception, status):
    request = RequestFactory().get(f"/patients/{SECRET}/")
    page: HttpResponse = handler(request, exception)
    assert page.status_code == status
    assert SECRET not in page.content.decode()


def test_the_server_error_page_stands_alone():
    page = errors.server_error(RequestFactory().get(f"/{SECRET}/"))
    assert page.status_code == 500
    assert SECRET not in page.content.decode()
    assert "What was already saved is safe." in page.content.decode()


@pytest.mark.django_db
def test_what_is_not_there_answers_404_with_the_one_sentence(client: Client):
    page = client.get(f"/nothing/{SECRET}/")
    assert page.status_code == 404
    assert "There is nothing here for you" in page.content.decode()
    assert SECRET not in page.content.decode()


@pytest.mark.django_db
def test_a_stale_form_gets_a_sentence():
    page = Client(enforce_csrf_checks=True).post("/account/login/", {"login": SECRET})
    assert page.status_code == 403
    assert "This page was open for too long" in page.content.decode()
    assert SECRET not in page.content.decode()
