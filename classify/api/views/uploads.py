from typing import Any, cast

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from classify.api import examples
from classify.api.idempotency import Answer, answer_once, request_digest
from classify.api.problems import IDEMPOTENCY_KEY, problems
from classify.api.serializers.recordings import RecordingUploadSerializer, UploadedSerializer
from classify.api.views.base import MAX_JSON_BYTES, ApiView, actor_of, validated
from classify.models import Recording
from classify.reasons import reason_sentence
from classify.services import recording_upload
from patients.models import Precision
from patients.selectors import patient_get
from worker.image.inspect import MAX_BYTES


class UploadMixin(ApiView):
    parser_classes = (MultiPartParser,)
    max_body_bytes = MAX_BYTES + MAX_JSON_BYTES

    def too_large_sentence(self) -> str:
        return " ".join(reason_sentence("too_large"))

    @extend_schema(
        operation_id="recordings_upload",
        tags=["recordings"],
        summary="Upload an ECG picture",
        description="Answers at once and classifies in the background: follow `status_url`. The same file for the same "
        "patient answers 200 with the recording that exists. The same file at another patient of this hospital answers "
        "409 `duplicate_other_patient`; send it again with `confirm_duplicate=true` if both are right.",
        parameters=[IDEMPOTENCY_KEY],
        request={"multipart/form-data": RecordingUploadSerializer},
        responses={
            202: UploadedSerializer,
            200: UploadedSerializer,
            **problems(400, 401, 403, 404, 409, 413, 415, 422, 429),
        },
        examples=[examples.UPLOADED],
    )
    def post(self, request: Request) -> Response:
        if not isinstance(request.data, dict) or request.content_type.split(";")[0] != "multipart/form-data":
            raise UnsupportedMediaType(request.content_type)
        values = validated(RecordingUploadSerializer(data=request.data))
        upload = values.pop("file")
        data = upload.read()

        def act() -> Answer:
            return upload_answer(request, values, data, claimed_type=upload.content_type)

        key = request.headers.get("Idempotency-Key")
        answer = act() if key is None else self._answer_once(request, key, data, upload.content_type, act)
        headers = {"Location": answer.body["status_url"]}
        if answer.replayed:
            headers["Idempotency-Replayed"] = "true"
        return Response(answer.body, status=answer.status, headers=headers)

    def _answer_once(self, request: Request, key: str, data: bytes, claimed_type: str | None, act: Any) -> Answer:
        said = {name: str(value) for name, value in cast(dict[str, Any], request.data).items() if name != "file"}
        token = actor_of(request).token
        assert token is not None, "an API call has a token"
        digest = request_digest({**said, "file type": claimed_type or ""}, data)
        return answer_once(token=token, key=key, request_sha256=digest, at=timezone.now(), act=act)


def upload_answer(request: Request, values: dict[str, Any], data: bytes, *, claimed_type: str | None) -> Answer:
    actor = actor_of(request)
    values = dict(values)
    patient = patient_get(actor, values.pop("patient"))
    taken = values.pop("recorded_at", None)
    upload = recording_upload(
        actor=actor,
        patient=patient,
        data=data,
        claimed_type=claimed_type,
        recorded_at=taken.at if taken else None,
        recorded_precision=taken.precision if taken else Precision.UNKNOWN,
        at=timezone.now(),
        **values,
    )
    pages = [
        {"id": str(recording.pk), "page": recording.page + 1, "status_url": status_url(recording, request)}
        for recording in upload.recordings
    ]
    body = {"id": pages[0]["id"], "status_url": pages[0]["status_url"], "recordings": pages}
    return Answer(202 if upload.created else 200, body)


def status_url(recording: Recording, request: Request) -> str:
    return reverse("api:recording", [recording.pk], request=request)
