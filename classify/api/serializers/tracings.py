"""The curves of a picture, as ``worker.tracing.tracing_dict`` writes them, and what is said where they are wrong."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from classify.api.serializers.strict import (
    SECONDS_HELP,
    FiniteField,
    StrictSerializer,
    gain_field,
    seconds_field,
    speed_field,
)
from classify.corrections.checks import LEAST_SIDE_PX, MOST_POINTS
from classify.forms import LEADS


def point(number: type[serializers.FloatField] = serializers.FloatField, **options: Any) -> serializers.ListField:
    return serializers.ListField(child=number(), min_length=2, max_length=2, **options)


def points(help_text: str) -> serializers.ListField:
    return serializers.ListField(child=point(), help_text=help_text)


def told_points(help_text: str, *, most: int, least: int = 0) -> serializers.ListField:
    return serializers.ListField(
        child=point(FiniteField),
        min_length=least or None,
        max_length=most,
        required=False,
        allow_null=True,
        help_text=help_text,
    )


class TracedPeakSerializer(serializers.Serializer[Any]):
    at_s = serializers.FloatField(
        allow_null=True, help_text="From the left end of its lead; null without a time scale."
    )
    point = point(help_text="x and y in pixels of the upright picture.")


class TracedLeadSerializer(serializers.Serializer[Any]):
    lead = serializers.CharField(allow_null=True)
    lead_source = serializers.CharField(
        allow_null=True, source="source", help_text="How the lead is known: `user`, `printed` or `layout`."
    )
    row = serializers.IntegerField(help_text="In the picture, from 0.")
    column = serializers.IntegerField(help_text="In the picture, from 0.")
    start_s = serializers.FloatField(help_text="From the left end of what the picture shows.")
    fs = serializers.FloatField(allow_null=True, help_text="Samples per second; null without a time scale.")
    microvolts = serializers.ListField(
        child=serializers.IntegerField(allow_null=True),
        allow_null=True,
        help_text="0 at the resting level, null where nothing was seen; null as a whole without a voltage scale.",
    )
    heights = serializers.ListField(
        child=serializers.FloatField(allow_null=True),
        help_text="Without a voltage scale: shares of the height that the curve moves through. Else empty.",
    )
    quality = serializers.IntegerField(min_value=0, max_value=100)
    gap_fraction = serializers.FloatField(min_value=0, max_value=1)
    answers = serializers.BooleanField(help_text="Whether its beats are classified.")
    line = points("The curve in the upright picture, thinned.")
    peaks = TracedPeakSerializer(many=True, help_text="R peaks.")


class TracingSerializer(serializers.Serializer[Any]):
    recording = serializers.UUIDField()
    prediction = serializers.UUIDField(
        allow_null=True, help_text="The result that was read from it; null where the picture came to none."
    )
    layout = serializers.CharField(help_text="Such as `3x4+1` or `rows-2`.")
    quarter_turns = serializers.IntegerField(help_text="Clockwise, that set the picture upright.")
    page = points("Outline of the part that was read, clockwise from its upper left corner.")
    grid = serializers.ListField(child=points(""), help_text="Some of the paper's lines, 5 mm apart.")
    leads = TracedLeadSerializer(many=True)


class TellSerializer(StrictSerializer):
    """Each field holds until it is said anew; null takes it back."""

    speed_mm_s = speed_field(allow_null=True)
    gain_mm_mv = gain_field(allow_null=True)
    seconds_across = seconds_field(allow_null=True, help_text=SECONDS_HELP)
    lead = serializers.ChoiceField(
        choices=LEADS, required=False, allow_null=True, help_text="Of a picture with a single lead."
    )
    corners = told_points(
        "Of the part to read, in pixels of the upright picture, clockwise from what is its upper left: a crop is a "
        "rectangle, a turned picture begins at another corner, a page seen askew is any quadrangle with sides of "
        f"{LEAST_SIDE_PX:g} px and more.",
        least=4,
        most=4,
    )
    leads = serializers.DictField(
        child=serializers.ChoiceField(choices=LEADS, allow_blank=True),
        required=False,
        allow_null=True,
        help_text="Names by place, `row.column` from 0; an empty name says that nobody knows the lead.",
    )
    r_peaks_added = told_points(
        "Points near R peaks that were missed. One far from every curve is passed over.", most=MOST_POINTS
    )
    r_peaks_removed = told_points(
        "Points near what is no R peak. One with no beat within 0.2 s is passed over: sent twice, it counts once.",
        most=MOST_POINTS,
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs:
            raise serializers.ValidationError(_("Say at least one thing."))
        return attrs
