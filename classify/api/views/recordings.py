from collections.abc import Iterable
from typing import ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django.http import FileResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from classify.api import examples
from classify.api.errors import Problem
from classify.api.etag import with_etag
from classify.api.filters import RecordingFilters
from classify.api.problems import ETAG, IF_NONE_MATCH, NOT_MODIFIED, problems
from classify.api.serializers.recordings import (
    RecordingContext,
    RecordingListItemSerializer,
    RecordingSerializer,
    RetriedSerializer,
    WithdrawSerializer,
)
from classify.api.views.base import ApiView, ListApiView, Scopes, actor_of, validated
from classify.api.views.uploads import UploadMixin, status_url
from classify.corrections.selectors import correction_beside
from classify.jobs import job_position
from classify.models import Job, Recording
from classify.review.selectors import readings_of
from classify.selectors import recording_get, recording_list
from classify.services import recording_retry, recording_withdraw
from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from worker.image.signatures import content_type_of

WRITES_WHAT_IT_READS = (Permission.RECORDINGS_READ, Permission.RECORDINGS_WRITE)


class RecordingsView(UploadMixin, ListApiView):
    scopes: ClassVar[Scopes] = {
        "GET": Permission.RECORDINGS_READ,
        "POST": (Permission.PATIENTS_READ, Permission.RECORDINGS_WRITE),
    }
    serializer_class = RecordingListItemSerializer
    filterset_class = RecordingFilters
    audit_action = "recording.list"

    def patient_of(self, row: Recording) -> UUID:
        return row.patient_id

    def get_queryset(self) -> QuerySet[Recording]:
        return recording_list(self.actor)

    @extend_schema(
        operation_id="recordings_list",
        tags=["recordings"],
        summary="List recordings",
        description="The newest upload first. Recordings entered in error are left out unless `withdrawn=true`.",
        responses={200: RecordingListItemSerializer(many=True), **problems(400, 401, 403, 404, 429)},
    )
    def get(self, request: Request) -> Response:
        return self.page(self.filter_queryset(self.get_queryset()))


class RecordingView(ApiView):
    scopes: ClassVar[Scopes] = {"GET": Permission.RECORDINGS_READ}

    @extend_schema(
        operation_id="recordings_read",
        tags=["recordings"],
        summary="Read a recording and its result",
        description="Ask until `state` is not `queued` or `running`; with `If-None-Match` an unchanged answer is 304. "
        "A recording that was entered in error answers with `withdrawn` and without its result.",
        parameters=[IF_NONE_MATCH, ETAG],
        responses={200: RecordingSerializer, 304: NOT_MODIFIED, **problems(401, 403, 404, 429)},
        examples=[examples.RECORDING_DONE, examples.RECORDING_QUEUED],
    )
    def get(self, request: Request, id: UUID) -> Response:
        recording = recording_get(self.actor, id)
        self.audit("recording.read", patients={recording.patient_id}, target=recording)
        return with_etag(request, Response(recording_data(recording, request)))


class RecordingRetryView(ApiView):
    scopes: ClassVar[Scopes] = {"POST": WRITES_WHAT_IT_READS}

    @extend_schema(
        operation_id="recordings_retry",
        tags=["recordings"],
        summary="Try again",
        description="For a recording that ended without a result: `failed`, `refused` or `needs_person`.",
        request=None,
        responses={202: RetriedSerializer, **problems(401, 403, 404, 409, 413, 429)},
    )
    def post(self, request: Request, id: UUID) -> Response:
        recording = recording_get(self.actor, id)
        recording_retry(recording=recording, actor=self.actor, at=timezone.now())
        url = status_url(recording, request)
        return Response({"id": str(recording.pk), "status_url": url}, status=202, headers={"Location": url})


class RecordingWithdrawView(ApiView):
    scopes: ClassVar[Scopes] = {"POST": WRITES_WHAT_IT_READS}

    @extend_schema(
        operation_id="recordings_withdraw",
        tags=["recordings"],
        summary="Mark as entered in error",
        description="The recording stays, with the reason; its result is withdrawn. This cannot be undone.",
        request=WithdrawSerializer,
        responses={200: RecordingSerializer, **problems(400, 401, 403, 404, 409, 413, 415, 429)},
    )
    def post(self, request: Request, id: UUID) -> Response:
        recording = recording_get(self.actor, id)
        reason = validated(WithdrawSerializer(data=request.data))["reason"]
        recording_withdraw(recording=recording, actor=self.actor, reason=reason, at=timezone.now())
        return Response(recording_data(recording_get(self.actor, id), request))


class AnyPicture(BaseContentNegotiation):
    """A picture is what it is; only an error is rendered, as JSON."""

    def select_parser(self, request: Request, parsers: Iterable[BaseParser]) -> BaseParser | None:
        return next(iter(parsers), None)

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        renderer = next(iter(renderers))
        return renderer, renderer.media_type


class RecordingPictureView(ApiView):
    scopes: ClassVar[Scopes] = {"GET": Permission.RECORDINGS_READ}
    content_negotiation_class = AnyPicture

    @extend_schema(
        operation_id="recordings_picture",
        tags=["recordings"],
        summary="Fetch the upright picture",
        description="PNG or JPEG, without metadata; the boxes of beats are in its pixels. 404 until it is "
        "made, and once the recording was entered in error.",
        responses={(200, "image/png"): OpenApiTypes.BINARY, (200, "image/jpeg"): OpenApiTypes.BINARY}
        | problems(401, 403, 404, 429),
    )
    def get(self, request: Request, id: UUID) -> FileResponse:
        recording = recording_get(self.actor, id)
        if not has_picture(recording):
            raise Problem(404, "no_picture", _("There is no picture of this recording to show."))
        self.audit("recording.picture", patients={recording.patient_id}, target=recording)
        picture = recording.display.open("rb")
        kind = content_type_of(picture.read(64)) or "application/octet-stream"
        picture.seek(0)
        return FileResponse(picture, content_type=kind)


def has_picture(recording: Recording) -> bool:
    return bool(recording.display) and not recording.is_withdrawn


def recording_data(recording: Recording, request: Request) -> dict[str, object]:
    picture = reverse("api:recording-picture", [recording.pk], request=request) if has_picture(recording) else None
    context = RecordingContext(
        position=job_position(recording.current_job) if recording.current_job else None,
        correction=correction_of(recording),
        readings=_readings(recording, actor_of(request)),
        picture_url=picture,
    )
    return RecordingSerializer(recording, context=context).data


def correction_of(recording: Recording) -> Job | None:
    return None if recording.is_withdrawn else correction_beside(recording)


def _readings(recording: Recording, actor: Actor) -> list[object] | None:
    if not actor.may(Permission.READINGS_READ):
        return None
    return list(readings_of(recording.prediction).prefetch_related(None)) if recording.prediction else []
