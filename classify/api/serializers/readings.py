from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from classify.api.serializers.predictions import AAMI
from classify.review.models import BeatCorrection, Reading, Verdict


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

    @extend_schema_field(serializers.CharField())
    def get_comment(self, reading: Reading) -> str:
        return reading.comment
