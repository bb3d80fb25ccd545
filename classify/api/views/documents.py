"""The OpenAPI document and the pages that show it. They hold no data, so they need no token."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views import View
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiJsonRenderer2, OpenApiYamlRenderer2
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from classify.api.reference import groups, shapes
from classify.api.schema import document
from portal.accounts.access import automatic


class SchemaView(APIView):
    authentication_classes = ()
    permission_classes = (AllowAny,)
    renderer_classes = [OpenApiJsonRenderer2, OpenApiJsonRenderer, OpenApiYamlRenderer2]

    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        return Response(document(), headers={"Cache-Control": "public, max-age=3600"})


class DocsView(View):
    http_method_names = ["get", "head", "options"]

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Callable[..., HttpResponseBase]:
        view = automatic(super().as_view(**initkwargs))
        view.login_required = False  # type: ignore[attr-defined]
        return view

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "api/docs.html", {"groups": groups(), "shapes": shapes()})
