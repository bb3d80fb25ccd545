from typing import ClassVar
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from classify.api.errors import Problem
from classify.api.etag import with_etag
from classify.api.problems import ETAG, IF_NONE_MATCH, NOT_MODIFIED, problems
from classify.api.serializers.explanations import ExplanationSerializer
from classify.api.views.base import ApiView, Scopes
from classify.explanations.selectors import explained_beat_get
from classify.explanations.services import explanation_request
from portal.accounts.permissions import Permission


class ExplanationView(ApiView):
    scopes: ClassVar[Scopes] = {"GET": Permission.RECORDINGS_READ, "POST": Permission.RECORDINGS_READ}

    @extend_schema(
        operation_id="explanations_read",
        tags=["recordings"],
        summary="Read where the network looked",
        description="For one beat of the recording's current prediction, by its `index`. Ask until `state` is `done` "
        "or `failed`. It says what this network's answer rests on, not why the heart did it. 404 until somebody asked.",
        parameters=[IF_NONE_MATCH, ETAG],
        responses={200: ExplanationSerializer, 304: NOT_MODIFIED, **problems(401, 403, 404, 429)},
    )
    def get(self, request: Request, id: UUID, index: int) -> Response:
        seen = explained_beat_get(self.actor, id, index)
        if seen.explanation is None:
            raise Problem(404, "not_explained", _("Nobody has asked about this beat yet. Ask with POST."))
        self.audit("explanation.read", patients={seen.recording.patient_id}, target=seen.recording)
        return with_etag(request, Response(ExplanationSerializer(seen.explanation).data))

    @extend_schema(
        operation_id="explanations_request",
        tags=["recordings"],
        summary="Ask where the network looked",
        description="Once for each beat of a prediction: asked again, it answers with what is there, and one that "
        "failed is tried anew. 200 where it is done already.",
        request=None,
        responses={
            200: ExplanationSerializer,
            202: ExplanationSerializer,
            **problems(401, 403, 404, 413, 429),
        },
    )
    def post(self, request: Request, id: UUID, index: int) -> Response:
        seen = explained_beat_get(self.actor, id, index)
        explanation = explanation_request(recording=seen.recording, beat=seen.beat, actor=self.actor, at=timezone.now())
        url = reverse("api:recording-explanation", [id, index], request=request)
        status = 202 if explanation.is_open else 200
        return Response(ExplanationSerializer(explanation).data, status=status, headers={"Location": url})
