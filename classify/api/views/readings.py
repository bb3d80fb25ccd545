from typing import ClassVar
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from classify.api.etag import with_etag
from classify.api.filters import ReadingFilters
from classify.api.problems import ETAG, IF_NONE_MATCH, NOT_MODIFIED, problems
from classify.api.serializers.readings import ReadingSerializer
from classify.api.views.base import ApiView, ListApiView, Scopes
from classify.review.models import BeatCorrection, Reading
from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission


def reading_list(actor: Actor) -> QuerySet[Reading]:
    corrections = BeatCorrection.objects.select_related("beat").order_by("beat__index")
    return (
        Reading.objects.visible_to(actor)
        .select_related("reader", "prediction__recording")
        .prefetch_related(Prefetch("corrections", corrections), "prediction__beats")
        .order_by("-signed_at", "-pk")
    )


class ReadingsView(ListApiView):
    scopes: ClassVar[Scopes] = {"GET": Permission.READINGS_READ}
    serializer_class = ReadingSerializer
    filterset_class = ReadingFilters
    audit_action = "reading.list"

    def patient_of(self, row: Reading) -> UUID:
        return row.prediction.recording.patient_id

    def get_queryset(self) -> QuerySet[Reading]:
        return reading_list(self.actor)

    @extend_schema(
        operation_id="readings_list",
        tags=["readings"],
        summary="List readings",
        description="What physicians said, the newest first. A reading is never changed; a later one may differ.",
        responses={200: ReadingSerializer(many=True), **problems(400, 401, 403, 404, 429)},
    )
    def get(self, request: Request) -> Response:
        return self.page(self.filter_queryset(self.get_queryset()))


class ReadingView(ApiView):
    scopes: ClassVar[Scopes] = {"GET": Permission.READINGS_READ}

    @extend_schema(
        operation_id="readings_read",
        tags=["readings"],
        summary="Read a reading",
        parameters=[IF_NONE_MATCH, ETAG],
        responses={200: ReadingSerializer, 304: NOT_MODIFIED, **problems(401, 403, 404, 429)},
    )
    def get(self, request: Request, id: UUID) -> Response:
        reading = get_object_or_404(reading_list(self.actor), pk=id)
        self.audit("reading.read", patients={reading.prediction.recording.patient_id}, target=reading)
        return with_etag(request, Response(ReadingSerializer(reading).data))
