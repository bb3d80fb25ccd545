"""The portal's pages and one automatic view behind sign-in."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from portal.accounts.access import automatic
from portal.urls import urlpatterns as portal_urls


@automatic
def poll(request: HttpRequest) -> HttpResponse:
    return HttpResponse("alive")


urlpatterns = [*portal_urls, path("poll/", poll)]
