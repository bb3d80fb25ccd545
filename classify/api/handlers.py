"""Errors that end a request outside an API view: JSON below ``/api/``, the portal's pages elsewhere."""

from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from classify.api.errors import CONTENT_TYPE, problem
from portal.accounts.access import automatic
from portal.pages import errors as pages

PREFIX = "/api/"


def _answer(status: int, code: str, detail: str) -> JsonResponse:
    response = JsonResponse(problem(status, code, detail), status=status, content_type=CONTENT_TYPE)
    response["Cache-Control"] = "no-store"
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    if not request.path.startswith(PREFIX):
        return pages.bad_request(request, exception)
    return _answer(400, "bad_request", _("This request can't be read."))


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    if not request.path.startswith(PREFIX):
        return pages.permission_denied(request, exception)
    return _answer(403, "permission_denied", _("This is not allowed."))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    return unknown_address(request) if request.path.startswith(PREFIX) else pages.not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponseBase:
    if not request.path.startswith(PREFIX):
        return pages.server_error(request)
    return _answer(500, "internal", _("Something went wrong on our side. Try again in a moment."))


def unknown_address(request: HttpRequest, **_kwargs: str) -> JsonResponse:
    return _answer(404, "not_found", _("There is no such address. Note which addresses end with a slash."))


# A view of its own, so that no redirect to "the same with a slash" turns a POST into a GET.
no_such_address = csrf_exempt(automatic(unknown_address))
no_such_address.login_required = False  # type: ignore[attr-defined]
