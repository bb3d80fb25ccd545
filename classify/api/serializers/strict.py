import math
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers


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
