from typing import ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from classify.api.problems import problems
from classify.api.serializers.models import ModelVersionSerializer
from classify.api.views.base import ListApiView, Scopes
from classify.registry.models import ModelVersion
from classify.registry.selectors import version_list
from portal.accounts.permissions import Permission


class ModelsView(ListApiView):
    """Nothing of a patient, and the same for every hospital: no audit event is written."""

    scopes: ClassVar[Scopes] = {"GET": Permission.RECORDINGS_READ}
    serializer_class = ModelVersionSerializer

    def get_queryset(self) -> QuerySet[ModelVersion]:
        return version_list()

    @extend_schema(
        operation_id="models_list",
        tags=["models"],
        summary="List model versions",
        description="Those that are registered, whether they are in use or not. `model` of a prediction names one.",
        responses={200: ModelVersionSerializer(many=True), **problems(400, 401, 403, 404, 429)},
    )
    def get(self, request: Request) -> Response:
        self.parameters_check()
        shown = self.paginate_queryset(self.get_queryset()) or []
        return self.get_paginated_response(self.get_serializer(shown, many=True).data)
