"""The sign-in library's pages, without the one that would let people change their address by themselves."""

from typing import NoReturn

from django.http import Http404, HttpRequest
from django.urls import include, path


def closed(request: HttpRequest) -> NoReturn:
    raise Http404


urlpatterns = [
    path("email/", closed, name="account_email"),
    path("", include("allauth.urls")),
]
