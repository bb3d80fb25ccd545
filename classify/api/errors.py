"""Every answer that is not a success has one shape: problem details for HTTP APIs (RFC 9457).

``title`` names the status, ``code`` is for programs, ``detail`` for people; ``errors`` holds sentences by field.
"""

import logging
import traceback
from http import HTTPStatus
from typing import Any, Final

from django.core.exceptions import (
    NON_FIELD_ERRORS,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    ValidationError,
)
from django.core.signals import got_request_exception
from django.http import Http404
from django.http.request import UnreadablePostError
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from classify.errors import DuplicateOtherPatient, NotRetryable, RecordingError
from classify.reasons import reason_sentence
from patients.validation import MrnTaken
from worker.errors import EcgError

logger = logging.getLogger(__name__)

CONTENT_TYPE: Final = "application/problem+json"
STATUS_OF_FILE_CODE: Final = {
    "empty_file": 400,
    "too_large": 413,
    "unsupported_type": 415,
    "type_mismatch": 415,
}  # any other file that cannot become a picture: 422


class Problem(exceptions.APIException):
    """An answer with a status, a code and a sentence of its own, and whatever ``more`` an integrator needs with it."""

    def __init__(self, status: int, code: str, detail: str, *, wait: int | None = None, **more: Any) -> None:
        super().__init__(detail, code)
        self.status_code = status
        self.wait = wait
        self.more = more


def problem(status: int, code: str, detail: str, **more: Any) -> dict[str, Any]:
    return {"title": HTTPStatus(status).phrase, "status": status, "code": code, "detail": detail, **more}


def exception_handler(exception: Exception, context: dict[str, Any]) -> Response:
    known = _known(exception)
    if known is None:
        known = _unknown(exception, context)
    set_rollback()
    return _response(known)


def _response(known: exceptions.APIException) -> Response:
    status = known.status_code
    if isinstance(known, exceptions.ValidationError):
        detail = _("Something in this request is not as expected; see errors.")
        body = problem(status, "invalid", detail, errors=_by_field(known.detail))
    else:
        body = problem(status, _code(known), str(known.detail), **getattr(known, "more", {}))
    response = Response(body, status=status, content_type=CONTENT_TYPE)
    if header := getattr(known, "auth_header", None):
        response["WWW-Authenticate"] = header
    if (wait := getattr(known, "wait", None)) is not None:
        response["Retry-After"] = f"{wait:d}"
    return response


def _known(exception: Exception) -> exceptions.APIException | None:
    match exception:
        case exceptions.APIException():
            return exception
        case Http404():
            return exceptions.NotFound()
        case PermissionDenied():
            return exceptions.PermissionDenied()
        case MrnTaken():
            existing = str(exception.existing.pk) if exception.existing else None
            return Problem(409, "mrn_taken", exception.message_dict["mrn"][0], existing={"patient": existing})
        case ValidationError():
            return exceptions.ValidationError(_fields(exception))
        case EcgError():
            status = STATUS_OF_FILE_CODE.get(exception.code, 422)
            return Problem(status, exception.code, " ".join(reason_sentence(exception.code)))
        case DuplicateOtherPatient():
            return _duplicate(exception)
        case NotRetryable():
            return Problem(409, "not_retryable", str(exception))
        case RecordingError():
            return Problem(409, "not_possible", str(exception))
        case RequestDataTooBig():
            return Problem(413, "too_large", _("This request is larger than expected."))
        case SuspiciousOperation() | UnreadablePostError():
            return exceptions.ParseError()
    return None


def _duplicate(exception: DuplicateOtherPatient) -> Problem:
    detail = _(
        "The same file already stands at another patient of this hospital. Check which patient is right; if both are, "
        "send it again with confirm_duplicate=true."
    )
    existing = {"recording": str(exception.recording.pk), "patient": str(exception.recording.patient_id)}
    return Problem(409, "duplicate_other_patient", detail, existing=existing)


def _unknown(exception: Exception, context: dict[str, Any]) -> Problem:
    # By type and place only: the message may hold a patient's data.
    frames = traceback.extract_tb(exception.__traceback__)
    places = " < ".join(f"{frame.filename}:{frame.lineno}" for frame in reversed(frames))
    logger.error("%s at %s while answering %s", type(exception).__name__, places, type(context.get("view")).__name__)
    got_request_exception.send(sender=None, request=context.get("request"))
    return Problem(500, "internal", _("Something went wrong on our side. Try again in a moment."))


def _code(known: exceptions.APIException) -> str:
    codes = known.get_codes()
    return codes if isinstance(codes, str) else str(known.default_code)


def _fields(exception: ValidationError) -> dict[str, list[str]]:
    if not hasattr(exception, "error_dict"):
        return {"non_field_errors": exception.messages}
    return {
        "non_field_errors" if name == NON_FIELD_ERRORS else name: sentences
        for name, sentences in exception.message_dict.items()
    }


def _by_field(detail: Any) -> dict[str, list[str]]:
    """A flat ``field -> sentences``, however deeply the field stands."""
    if not isinstance(detail, dict):
        return {"non_field_errors": [str(sentence) for sentence in detail]}
    flat: dict[str, list[str]] = {}
    for name, inner in detail.items():
        if isinstance(inner, dict):
            flat |= {f"{name}.{deeper}": sentences for deeper, sentences in _by_field(inner).items()}
        else:
            flat[name] = [str(sentence) for sentence in inner]
    return flat
