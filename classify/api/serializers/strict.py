import math
from typing import Any, Final

from django.utils.translation import gettext as _
from rest_framework import serializers

from worker.image.told import GAIN_LIMITS_MM_MV, SECONDS_LIMITS, SPEED_LIMITS_MM_S

SECONDS_HELP: Final = (
    "That the rows last, from the first to the last point of the curves in the part that is read. Time comes from it "
    "where the picture has no squares; where it has some, it says their speed unless that is told, too."
)


class StrictSerializer(serializers.Serializer[Any]):
    """Input with a field that nobody knows is an error: it may be a misspelt one, and would be lost in silence."""

    def to_internal_value(self, data: Any) -> Any:
        known = super().to_internal_value(data)
        if unknown := set(data) - set(self.fields):
            raise serializers.ValidationError({name: [_("There is no such field.")] for name in sorted(unknown)})
        return known


class FiniteField(serializers.FloatField):
    def to_internal_value(self, data: Any) -> float:
        value = super().to_internal_value(data)
        if isinstance(data, bool) or not math.isfinite(value):
            self.fail("invalid")
        return value


def speed_field(**options: Any) -> FiniteField:
    least, most = SPEED_LIMITS_MM_S
    return FiniteField(required=False, min_value=least, max_value=most, **options)


def gain_field(**options: Any) -> FiniteField:
    least, most = GAIN_LIMITS_MM_MV
    return FiniteField(required=False, min_value=least, max_value=most, **options)


def seconds_field(**options: Any) -> FiniteField:
    least, most = SECONDS_LIMITS
    return FiniteField(required=False, min_value=least, max_value=most, **options)
