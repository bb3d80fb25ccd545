from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from classify.api.serializers.predictions import AAMI
from classify.api.serializers.rhythm import RhythmSerializer
from classify.review.models import BeatCorrection, Reading, Verdict
from classify.rhythm import gives_classes, rhythm_of
from worker.ecg.rhythm import rhythm_dict


class CorrectionSerializer(serializers.Serializer[BeatCorrection]):
    beat = serializers.IntegerField(source="beat.index", help_text="The `index` of the beat in its prediction.")
    model_class = serializers.ChoiceField(choices=AAMI, source="beat.aami_class", help_text="What the model said.")
    aami_class = serializers.ChoiceField(choices=AAMI, help_text="What the reader says.")


class ReadingSummarySerializer(serializers.Serializer[Reading]):
    id = serializers.UUIDField()
    verdict = serializers.ChoiceField(choices=Verdict.choices)
    reader = serializers.CharField(source="reader.full_name")
    signed_at = serializers.DateTimeField()


class ReadingSerializer(ReadingSummarySerializer):
    prediction = serializers.UUIDField(source="prediction_id")
    recording = serializers.UUIDField(source="prediction.recording_id")
    patient = serializers.UUIDField(source="prediction.recording.patient_id")
    comment = serializers.SerializerMethodField()
    corrections = CorrectionSerializer(many=True)
    rhythm = serializers.SerializerMethodField(
        help_text="Measured from the prediction's beats with the reader's classes; null where they are unreadable."
    )

    @extend_schema_field(serializers.CharField())
    def get_comment(self, reading: Reading) -> str:
        return reading.comment

    @extend_schema_field(RhythmSerializer(allow_null=True))
    def get_rhythm(self, reading: Reading) -> dict[str, Any] | None:
        return rhythm_dict(rhythm_of(reading.prediction, reading)) if gives_classes(reading) else None
