from typing import Any, TypedDict

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from classify.api.serializers.moments import STRING_OR_NULL, TakenAtField, taken_at_text
from classify.api.serializers.predictions import KINDS, PredictionResultSerializer, SummarySerializer
from classify.api.serializers.readings import ReadingSummarySerializer
from classify.api.serializers.strict import SECONDS_HELP, StrictSerializer, gain_field, seconds_field, speed_field
from classify.models import Job, JobState, Recording
from classify.reasons import reason_sentence
from patients.models import Precision


class ReasonSerializer(serializers.Serializer[Any]):
    code = serializers.CharField(help_text="For programs; the codes stand in the guide.")
    sentence = serializers.CharField(help_text="For people.")
    next_step = serializers.CharField(help_text="What to do about it.")


class CorrectionStateSerializer(serializers.Serializer[Job]):
    state = serializers.ChoiceField(choices=JobState.choices)
    reason = serializers.SerializerMethodField(help_text="Why it came to no result, or null.")
    requested_at = serializers.DateTimeField(source="queued_at")

    @extend_schema_field(ReasonSerializer(allow_null=True))
    def get_reason(self, job: Job) -> dict[str, str] | None:
        return {"code": job.reason, **reason_sentence(job.reason)._asdict()} if job.reason else None


class WithdrawnSerializer(serializers.Serializer[Recording]):
    at = serializers.DateTimeField(source="withdrawn_at")
    reason = serializers.CharField(source="withdrawn_reason")


class RecordingListItemSerializer(serializers.Serializer[Recording]):
    id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=JobState.choices)
    reason = serializers.SerializerMethodField(
        help_text="Why there is no result, or why a person has to read it; else null."
    )
    kind = serializers.SerializerMethodField(help_text="What the picture shows; null until that is known.")
    patient = serializers.UUIDField(source="patient_id")
    recorded_at = serializers.SerializerMethodField(
        help_text="When the ECG was taken: a date and time, a date where only the day is known, or null."
    )
    recorded_precision = serializers.ChoiceField(choices=Precision.choices)
    uploaded_at = serializers.DateTimeField()
    page = serializers.SerializerMethodField(help_text="Of the uploaded document, from 1.")
    pages = serializers.IntegerField()
    summary = serializers.SerializerMethodField(help_text="That of its prediction, or null.")
    withdrawn = serializers.SerializerMethodField(help_text="Set where it was marked as entered in error, else null.")

    @extend_schema_field(ReasonSerializer(allow_null=True))
    def get_reason(self, recording: Recording) -> dict[str, str] | None:
        code = recording.current_job.reason if recording.current_job else ""
        return {"code": code, **reason_sentence(code)._asdict()} if code else None

    @extend_schema_field(serializers.ChoiceField(choices=KINDS, allow_null=True))
    def get_kind(self, recording: Recording) -> str | None:
        return (recording.current_job.kind or None) if recording.current_job else None

    @extend_schema_field(STRING_OR_NULL)
    def get_recorded_at(self, recording: Recording) -> str | None:
        return taken_at_text(recording.recorded_at, recording.recorded_precision)

    def get_page(self, recording: Recording) -> int:
        return recording.page + 1

    @extend_schema_field(SummarySerializer(allow_null=True))
    def get_summary(self, recording: Recording) -> dict[str, Any] | None:
        return SummarySerializer(recording.prediction).data if recording.prediction else None

    @extend_schema_field(WithdrawnSerializer(allow_null=True))
    def get_withdrawn(self, recording: Recording) -> dict[str, Any] | None:
        return WithdrawnSerializer(recording).data if recording.is_withdrawn else None


class RecordingContext(TypedDict):
    position: int | None
    correction: Job | None
    readings: list[Any] | None
    picture_url: str | None


class RecordingSerializer(RecordingListItemSerializer):
    """Its context is a ``RecordingContext``: what the view asked the selectors for."""

    summary = None  # type: ignore[assignment]
    position = serializers.SerializerMethodField(help_text="Place in the queue, from 1, while it is queued.")
    lead = serializers.SerializerMethodField(help_text="As told at upload, or null.")
    speed_mm_s = serializers.FloatField(allow_null=True)
    gain_mm_mv = serializers.FloatField(allow_null=True)
    seconds_across = serializers.FloatField(allow_null=True, help_text="As told at upload, or null.")
    content_type = serializers.CharField()
    size_bytes = serializers.IntegerField()
    width_px = serializers.IntegerField(allow_null=True, help_text="Of the upright picture.")
    height_px = serializers.IntegerField(allow_null=True)
    picture_url = serializers.SerializerMethodField(help_text="The upright picture, once the worker has made it.")
    prediction = serializers.SerializerMethodField(
        help_text="The result, or null while or where there is none. With `too_many_unsure`, do not rely on it."
    )
    correction = serializers.SerializerMethodField(
        help_text="A reading with what was said to be wrong, while it has not come to a result; else null."
    )
    readings = serializers.SerializerMethodField(
        help_text="What readers said, newest first; null for a token without `readings:read`."
    )

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_position(self, recording: Recording) -> int | None:
        return self.context["position"]

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_lead(self, recording: Recording) -> str | None:
        return recording.lead or None

    @extend_schema_field(serializers.URLField(allow_null=True))
    def get_picture_url(self, recording: Recording) -> str | None:
        return self.context["picture_url"]

    @extend_schema_field(PredictionResultSerializer(allow_null=True))
    def get_prediction(self, recording: Recording) -> dict[str, Any] | None:
        return PredictionResultSerializer(recording.prediction).data if recording.prediction else None

    @extend_schema_field(CorrectionStateSerializer(allow_null=True))
    def get_correction(self, recording: Recording) -> dict[str, Any] | None:
        job = self.context["correction"]
        return None if job is None else CorrectionStateSerializer(job).data

    @extend_schema_field(ReadingSummarySerializer(many=True, allow_null=True))
    def get_readings(self, recording: Recording) -> list[Any] | None:
        readings = self.context["readings"]
        return None if readings is None else list(ReadingSummarySerializer(readings, many=True).data)


class RecordingUploadSerializer(StrictSerializer):
    patient = serializers.UUIDField()
    file = serializers.FileField(
        allow_empty_file=True,
        help_text="JPEG, PNG, BMP, TIFF, WebP, GIF, HEIC or PDF; at most 25 MB, 40 megapixels.",
    )
    recorded_at = TakenAtField(required=False, help_text="When the ECG was taken; leave it out where nobody knows.")
    lead = serializers.RegexField(
        r"^[A-Za-z][A-Za-z0-9+-]{0,9}$", required=False, default="", help_text="Such as II, V1 or MLII."
    )
    speed_mm_s = speed_field(default=None, help_text="Paper speed.")
    gain_mm_mv = gain_field(default=None)
    seconds_across = seconds_field(default=None, help_text=SECONDS_HELP)
    confirm_duplicate = serializers.BooleanField(
        required=False, default=False, help_text="Yes, the same file belongs to this other patient as well."
    )


class UploadedPageSerializer(serializers.Serializer[Recording]):
    id = serializers.UUIDField()
    page = serializers.IntegerField()
    status_url = serializers.URLField()


class UploadedSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField(help_text="Of the first page.")
    status_url = serializers.URLField(help_text="Ask here until `state` is neither `queued` nor `running`.")
    recordings = UploadedPageSerializer(many=True, help_text="One a page.")


class RetriedSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    status_url = serializers.URLField()


class WithdrawSerializer(StrictSerializer):
    reason = serializers.CharField(max_length=500, help_text="Why, in a few words; it stays on the timeline.")
