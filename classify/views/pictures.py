"""Pictures, only for those who may see their patient; they lie in no public folder."""

from typing import Final
from uuid import UUID

from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from classify.models import Recording
from classify.selectors import recording_get
from portal.accounts.access import ActorRequest, automatic, requires
from portal.accounts.permissions import Permission
from portal.audit.services import audit_record
from worker.image.signatures import BMP, GIF, HEIC, JPEG, PDF, PNG, TIFF, WEBP

SUFFIXES: Final = {
    JPEG: ".jpg",
    PNG: ".png",
    BMP: ".bmp",
    TIFF: ".tif",
    WEBP: ".webp",
    GIF: ".gif",
    HEIC: ".heic",
    PDF: ".pdf",
}


@automatic
@requires(Permission.RECORDINGS_READ)
@require_safe
def display(request: ActorRequest, recording_id: UUID) -> HttpResponseBase:
    """Upright and without metadata, as it was shown to the model."""
    return _picture(request, recording_get(request.actor, recording_id).display)


@automatic
@requires(Permission.RECORDINGS_READ)
@require_safe
def thumbnail(request: ActorRequest, recording_id: UUID) -> HttpResponseBase:
    return _picture(request, recording_get(request.actor, recording_id).thumbnail)


@requires(Permission.RECORDINGS_READ)
@require_safe
def original(request: ActorRequest, recording_id: UUID) -> HttpResponseBase:
    """The file as it came, to keep; under a name that says nothing of the patient."""
    recording = recording_get(request.actor, recording_id)
    audit_record(request.actor, "recording.download", patients=[recording.patient_id], target=recording)
    return _guarded(
        FileResponse(
            recording.original.open("rb"),
            as_attachment=True,
            filename=neutral_name(recording),
            content_type=recording.content_type,
        )
    )


def neutral_name(recording: Recording) -> str:
    return f"ecg-{str(recording.pk)[:8]}{SUFFIXES[recording.content_type]}"


def _picture(request: ActorRequest, file: FieldFile) -> HttpResponseBase:
    if not file:
        raise Http404
    etag = f'"{str(file.name).rpartition("/")[2]}"'
    unchanged: HttpResponse | None = get_conditional_response(request, etag=etag)
    if unchanged is not None:
        return _guarded(unchanged)
    data = file.open("rb").read()
    file.close()
    response = HttpResponse(data, content_type=PNG if data.startswith(b"\x89PNG") else JPEG)
    response["ETag"] = etag
    return _guarded(response)


def _guarded(response: HttpResponseBase) -> HttpResponseBase:
    """The browser asks again each time, so that nothing is shown from its cache after a sign-out."""
    response["Cache-Control"] = "private, no-cache"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
