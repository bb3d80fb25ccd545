from dataclasses import asdict
from typing import ClassVar
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from classify.api import examples
from classify.api.errors import Problem
from classify.api.etag import with_etag
from classify.api.problems import ETAG, IF_NONE_MATCH, NOT_MODIFIED, problems
from classify.api.serializers.recordings import RetriedSerializer
from classify.api.serializers.tracings import TellSerializer, TracingSerializer
from classify.api.views.base import ApiView, Scopes, validated
from classify.api.views.recordings import WRITES_WHAT_IT_READS
from classify.api.views.uploads import status_url
from classify.corrections.services import recording_correct
from classify.selectors import recording_get
from classify.tracings.selectors import tracing_of_job
from portal.accounts.permissions import Permission


class TracingView(ApiView):
    scopes: ClassVar[Scopes] = {"GET": Permission.RECORDINGS_READ}

    @extend_schema(
        operation_id="recordings_tracing",
        tags=["recordings"],
        summary="Read the curves of a picture",
        description="Samples, R peaks and places of all leads that were read, of the current result; where the picture "
        "came to no result, what was found until then. 404 `no_tracing` where nothing was found, or the result is "
        "older than tracings.",
        parameters=[IF_NONE_MATCH, ETAG],
        responses={200: TracingSerializer, 304: NOT_MODIFIED, **problems(401, 403, 404, 429)},
        examples=[examples.TRACING],
    )
    def get(self, request: Request, id: UUID) -> Response:
        recording = recording_get(self.actor, id)
        tracing = None if recording.is_withdrawn else tracing_of_job(recording.current_job)
        if tracing is None:
            raise Problem(404, "no_tracing", _("There are no curves of this recording to show."))
        self.audit("recording.read", patients={recording.patient_id}, target=recording)
        prediction = recording.prediction
        row = {"recording": recording.pk, "prediction": prediction.pk if prediction else None, **asdict(tracing)}
        return with_etag(request, Response(TracingSerializer(row).data))


class CorrectionsView(ApiView):
    scopes: ClassVar[Scopes] = {"POST": WRITES_WHAT_IT_READS}

    @extend_schema(
        operation_id="recordings_correct",
        tags=["recordings"],
        summary="Say what was read wrongly",
        description="The picture is read again with what is said here over all that was said before. The earlier "
        "result stays, and stays the current one until the new reading has come to a result: follow `correction` of "
        "the recording. 200 where all of it was known already; 409 while the picture is being read.",
        request=TellSerializer,
        responses={
            200: RetriedSerializer,
            202: RetriedSerializer,
            **problems(400, 401, 403, 404, 409, 413, 415, 429),
        },
        examples=[examples.TELL],
    )
    def post(self, request: Request, id: UUID) -> Response:
        recording = recording_get(self.actor, id)
        said, now = validated(TellSerializer(data=request.data)), timezone.now()
        job = recording_correct(recording=recording, actor=self.actor, said=said, at=now)
        url = status_url(recording, request)
        status = 202 if job.queued_at == now else 200
        return Response({"id": str(recording.pk), "status_url": url}, status=status, headers={"Location": url})
