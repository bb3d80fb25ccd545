from typing import ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from classify.api.etag import with_etag
from classify.api.filters import PredictionFilters
from classify.api.problems import ETAG, IF_NONE_MATCH, NOT_MODIFIED, problems
from classify.api.serializers.predictions import PredictionListItemSerializer, PredictionSerializer
from classify.api.views.base import ApiView, ListApiView, Scopes
from classify.models import Prediction
from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission


def prediction_list(actor: Actor) -> QuerySet[Prediction]:
    return Prediction.objects.visible_to(actor).select_related("recording", "job").order_by("-created_at", "-pk")


class PredictionsView(ListApiView):
    scopes: ClassVar[Scopes] = {"GET": Permission.RECORDINGS_READ}
    serializer_class = PredictionListItemSerializer
    filterset_class = PredictionFilters
    audit_action = "prediction.list"

    def patient_of(self, row: Prediction) -> UUID:
        return row.recording.patient_id

    def get_queryset(self) -> QuerySet[Prediction]:
        return prediction_list(self.actor)

    @extend_schema(
        operation_id="predictions_list",
        tags=["predictions"],
        summary="List predictions",
        description="The newest first, without beats. Those of recordings entered in error are withdrawn.",
        responses={200: PredictionListItemSerializer(many=True), **problems(400, 401, 403, 404, 429)},
    )
    def get(self, request: Request) -> Response:
        return self.page(self.filter_queryset(self.get_queryset()))


class PredictionView(ApiView):
    scopes: ClassVar[Scopes] = {"GET": Permission.RECORDINGS_READ}

    @extend_schema(
        operation_id="predictions_read",
        tags=["predictions"],
        summary="Read a prediction with its beats",
        parameters=[IF_NONE_MATCH, ETAG],
        responses={200: PredictionSerializer, 304: NOT_MODIFIED, **problems(401, 403, 404, 429)},
    )
    def get(self, request: Request, id: UUID) -> Response:
        prediction = get_object_or_404(prediction_list(self.actor), pk=id)
        self.audit("prediction.read", patients={prediction.recording.patient_id}, target=prediction)
        return with_etag(request, Response(PredictionSerializer(prediction).data))
