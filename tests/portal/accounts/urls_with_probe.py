"""The portal's pages and one API view that tells who calls."""

from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from portal.accounts.permissions import Permission
from portal.urls import urlpatterns as portal_urls


class Probe(APIView):
    scopes = {"GET": Permission.PATIENTS_READ, "POST": Permission.PATIENTS_WRITE}

    def get(self, request: Request) -> Response:
        return Response({"hospital": str(request.auth.hospital.pk)})

    def post(self, request: Request) -> Response:
        return Response({})

    def delete(self, request: Request) -> Response:
        return Response({})


urlpatterns = [*portal_urls, path("probe/", Probe.as_view())]
