"""Where the network looked. Nothing here says why a heart did something."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from classify.api.serializers.predictions import AAMI, ModelSerializer
from classify.api.serializers.recordings import ReasonSerializer
from classify.explanations.models import Explanation, ExplanationState
from classify.explanations.reasons import explanation_reason

UNITS = ("s", "rr", "fraction")
PART_UNITS = (*UNITS, "interval", "beat")


class CurveSerializer(serializers.Serializer[Any]):
    start = serializers.FloatField(help_text="In `unit`; of the first value.")
    stop = serializers.FloatField(help_text="In `unit`; of the last value.")
    values = serializers.ListField(
        child=serializers.FloatField(min_value=0, max_value=1, allow_null=True),
        help_text="Evenly spaced, 0 to 1; null where the trace has ended.",
    )


class OcclusionSerializer(serializers.Serializer[Any]):
    part = serializers.CharField(
        help_text="`all` of the trace at the same time, or one of the pictures that the network sees."
    )
    unit = serializers.ChoiceField(
        choices=PART_UNITS, help_text="`interval`: RR intervals by number, 0 ends at R; `beat`: beats by number."
    )
    start = serializers.FloatField()
    stop = serializers.FloatField()
    window = serializers.FloatField(help_text="Width of the stretch that was covered, in the part's unit.")
    drop = serializers.ListField(
        child=serializers.FloatField(min_value=-1, max_value=1),
        help_text="Loss of the class's probability along the part, in equal steps; negative where it rose.",
    )
    whole = serializers.FloatField(min_value=-1, max_value=1, help_text="Loss with the whole part covered.")


class FocusSerializer(serializers.Serializer[Any]):
    start = serializers.FloatField()
    stop = serializers.FloatField()
    drop = serializers.FloatField(min_value=-1, max_value=1, help_text="Loss when just this stretch is covered.")


class ExplanationResultSerializer(serializers.Serializer[Any]):
    aami_class = serializers.ChoiceField(choices=AAMI, help_text="The class that was asked about: the model's answer.")
    probability = serializers.FloatField(min_value=0, max_value=1, help_text="With nothing covered.")
    unit = serializers.ChoiceField(
        choices=UNITS,
        help_text="`s`: seconds from R, negative before it. `rr`: mean RR intervals from R, where the picture carries "
        "no time. `fraction`: of the width of a single beat's picture.",
    )
    trace = CurveSerializer(help_text="The trace as it was read, from its lowest to its highest point.")
    class_map = CurveSerializer(help_text="Class activation map along the beat; 1 is its highest point.")
    occlusion = OcclusionSerializer(many=True)
    focus = FocusSerializer(
        allow_null=True, help_text="The stretch that the answer rests on most; null where none stands out."
    )


class ExplanationSerializer(serializers.Serializer[Explanation]):
    recording = serializers.UUIDField(source="prediction.recording_id")
    prediction = serializers.UUIDField(source="prediction_id")
    beat = serializers.IntegerField(source="beat_index", help_text="The beat's `index`, from 0.")
    state = serializers.ChoiceField(choices=ExplanationState.choices)
    reason = serializers.SerializerMethodField(help_text="Why it failed, else null.")
    model = ModelSerializer(source="prediction", help_text="It made the prediction, and no other explains it.")
    result = serializers.SerializerMethodField(help_text="Null until it is done.")

    @extend_schema_field(ReasonSerializer(allow_null=True))
    def get_reason(self, explanation: Explanation) -> dict[str, str] | None:
        code = explanation.reason
        return {"code": code, **explanation_reason(code)._asdict()} if code else None

    @extend_schema_field(ExplanationResultSerializer(allow_null=True))
    def get_result(self, explanation: Explanation) -> dict[str, Any] | None:
        return explanation.result
