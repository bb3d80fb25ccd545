"""The error shape and the shared headers, for the OpenAPI document."""

from typing import Any, Final

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse
from rest_framework import serializers

from classify.api.errors import CONTENT_TYPE, problem


class ExistingSerializer(serializers.Serializer[Any]):
    recording = serializers.UUIDField(required=False)
    patient = serializers.UUIDField(required=False)


class ProblemSerializer(serializers.Serializer[Any]):
    """Problem details for HTTP APIs (RFC 9457)."""

    title = serializers.CharField(help_text="The status in words.")
    status = serializers.IntegerField()
    code = serializers.CharField(help_text="For programs; the codes stand in the guide.")
    detail = serializers.CharField(help_text="For people: what is wrong, and what to do about it.")
    errors = serializers.DictField(  # type: ignore[assignment]
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="With code `invalid`: sentences by field.",
    )
    existing = ExistingSerializer(required=False, help_text="With a duplicate: what is there already.")


DESCRIPTIONS: Final = {
    400: "Something in the request is missing or wrong.",
    401: "No valid token came with the request.",
    403: "The token lacks a scope.",
    404: "There is nothing here that this token may see.",
    406: "The answer is JSON, and Accept excludes that.",
    409: "Something that is there already stands against it.",
    413: "The request or the file is too large.",
    415: "The body, or the file, is of a kind that can't be read.",
    422: "The file can't become a picture, or the Idempotency-Key came with another request.",
    429: "Too many requests; wait for as many seconds as Retry-After says.",
    500: "Something went wrong on our side.",
}
CODES: Final = {400: "invalid", 401: "not_authenticated", 403: "permission_denied", 404: "not_found", 500: "internal"}


def problems(*statuses: int) -> dict[tuple[int, str], OpenApiResponse]:
    return {(status, CONTENT_TYPE): _response(status) for status in (*statuses, 406, 500)}


def _response(status: int) -> OpenApiResponse:
    description = DESCRIPTIONS[status]
    code = CODES.get(status)
    example = [OpenApiExample(code, problem(status, code, description), media_type=CONTENT_TYPE)] if code else []
    return OpenApiResponse(ProblemSerializer, description, example)


NOT_MODIFIED: Final = OpenApiResponse(description="Nothing has changed since the ETag that was sent.")
IF_NONE_MATCH: Final = OpenApiParameter(
    "If-None-Match", OpenApiTypes.STR, OpenApiParameter.HEADER, description="The ETag of the last answer."
)
ETAG: Final = OpenApiParameter(
    "ETag",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    response=[200, 304],
    description="Strong; changes with the state, the result, its readings and a withdrawal.",
)
IDEMPOTENCY_KEY: Final = OpenApiParameter(
    "Idempotency-Key",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description="1 to 255 printable ASCII characters, new for each upload. Repeated within 24 hours, the first answer "
    "comes again, with `Idempotency-Replayed: true`.",
)
