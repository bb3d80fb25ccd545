"""What a model said. The command line answers with the same keys."""

from typing import Any

from django.db.models import prefetch_related_objects
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from classify.api.serializers.rhythm import RhythmSerializer
from classify.models import Beat, JobState, Prediction
from classify.rhythm import rhythm_of
from worker.ecg.rhythm import rhythm_dict

AAMI = ("N", "S", "V", "F", "Q")
KINDS = ("beat", "strip", "sheet", "screen", "not_ecg")


class CountsSerializer(serializers.Serializer[Any]):
    N = serializers.IntegerField(min_value=0)
    S = serializers.IntegerField(min_value=0)
    V = serializers.IntegerField(min_value=0)
    F = serializers.IntegerField(min_value=0)
    Q = serializers.IntegerField(min_value=0)


class ProbabilitiesSerializer(serializers.Serializer[Any]):
    N = serializers.FloatField(min_value=0, max_value=1)
    S = serializers.FloatField(min_value=0, max_value=1)
    V = serializers.FloatField(min_value=0, max_value=1)
    F = serializers.FloatField(min_value=0, max_value=1)
    Q = serializers.FloatField(min_value=0, max_value=1)


class ModelSerializer(serializers.Serializer[Prediction]):
    name = serializers.CharField(source="model_name")
    version = serializers.CharField(source="model_version")


class SummarySerializer(serializers.Serializer[Prediction]):
    counts = serializers.SerializerMethodField(help_text="Beats by AAMI class; all five are always there.")
    rate_bpm = serializers.FloatField(
        allow_null=True, help_text="Mean heart rate, or null where the picture carries no time."
    )
    unsure = serializers.IntegerField(source="unsure_count", help_text="How many beats the model is unsure about.")

    @extend_schema_field(CountsSerializer)
    def get_counts(self, prediction: Prediction) -> dict[str, int]:
        return {letter: prediction.counts.get(letter, 0) for letter in AAMI}


class BeatSerializer(serializers.Serializer[Beat]):
    index = serializers.IntegerField(help_text="From 0, in the order of the trace.")
    aami_class = serializers.ChoiceField(choices=AAMI)
    probabilities = serializers.SerializerMethodField(help_text="Calibrated; they add up to 1.")
    confidence = serializers.FloatField(help_text="The largest of the probabilities.")
    unsure = serializers.BooleanField(help_text="The model abstains: a person should look first.")
    lead = serializers.SerializerMethodField(help_text="Such as II or V1; null where unknown.")
    box = serializers.SerializerMethodField(help_text="[x, y, width, height] in pixels of the upright picture.")
    r_peak_s = serializers.FloatField(
        allow_null=True, help_text="Seconds from the left end of the trace; null where the picture carries no time."
    )

    @extend_schema_field(ProbabilitiesSerializer)
    def get_probabilities(self, beat: Beat) -> dict[str, float]:
        return {letter: beat.probabilities.get(letter, 0.0) for letter in AAMI}

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_lead(self, beat: Beat) -> str | None:
        return beat.lead or None

    @extend_schema_field(serializers.ListField(child=serializers.IntegerField(), min_length=4, max_length=4))
    def get_box(self, beat: Beat) -> list[int]:
        return [beat.x, beat.y, beat.width, beat.height]


@extend_schema_field(RhythmSerializer)
class RhythmField(serializers.Field[Prediction, Any, dict[str, Any], Prediction]):
    """Measured when it is read. It stands before the beats, which it fetches for both."""

    def __init__(self) -> None:
        super().__init__(
            source="*",
            read_only=True,
            help_text="Measured from the beats, with the model's classes. Whatever cannot be known is null.",
        )

    def to_representation(self, value: Prediction) -> dict[str, Any]:
        prefetch_related_objects([value], "beats")
        return rhythm_dict(rhythm_of(value))


class PredictionResultSerializer(serializers.Serializer[Prediction]):
    """As it stands in its recording."""

    id = serializers.UUIDField()
    model = ModelSerializer(source="*")
    summary = SummarySerializer(source="*")
    rhythm = RhythmField()
    beats = BeatSerializer(many=True)


class PredictionListItemSerializer(serializers.Serializer[Prediction]):
    id = serializers.UUIDField()
    recording = serializers.UUIDField(source="recording_id")
    patient = serializers.UUIDField(source="recording.patient_id")
    kind = serializers.ChoiceField(choices=KINDS)
    created_at = serializers.DateTimeField()
    current = serializers.SerializerMethodField(help_text="False once a newer job of the recording took its place.")
    model = ModelSerializer(source="*")
    summary = SummarySerializer(source="*")
    least_confidence = serializers.FloatField(help_text="The confidence of the beat that the model is least sure of.")
    needs_person = serializers.SerializerMethodField(
        help_text="Too many of its beats are unsure, and nobody has read it yet: do not rely on it."
    )

    def get_current(self, prediction: Prediction) -> bool:
        return prediction.recording.current_job_id == prediction.job_id

    def get_needs_person(self, prediction: Prediction) -> bool:
        return prediction.job.state == JobState.NEEDS_PERSON


class PredictionSerializer(PredictionListItemSerializer):
    rhythm = RhythmField()
    beats = BeatSerializer(many=True)
