"""When an ECG was taken: an exact moment, or only a day (FHIR's ``dateTime`` allows both)."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from patients.models import Precision

CLOCKS_DIFFER_BY: Final = timedelta(minutes=5)
EARLIEST: Final = date(1900, 1, 1)
DATE_TIME: Final = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}([.,]\d{1,9})?)?([Zz]|[+-]\d{2}:?\d{2})")
DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
STRING: Final = {
    "oneOf": [{"type": "string", "format": "date-time"}, {"type": "string", "format": "date"}],
}
STRING_OR_NULL: Final = {"oneOf": [*STRING["oneOf"], {"type": "null"}]}


@dataclass(frozen=True, slots=True)
class Taken:
    at: datetime
    precision: str


@extend_schema_field(STRING)
class TakenAtField(serializers.Field[Taken, str, str, Any]):
    default_error_messages = {
        "invalid": _("Expected ISO 8601: a date and time with a time zone, or a date where only the day is known."),
        "future": _("This lies in the future."),
        "too_early": _("This lies before 1900."),
    }

    def to_internal_value(self, data: Any) -> Taken:
        text = data if isinstance(data, str) else ""
        try:
            taken = self._taken(text.strip())
        except (ValueError, OverflowError):
            self.fail("invalid")
        if taken.at.date() < EARLIEST:
            self.fail("too_early")
        if taken.at > timezone.now() + CLOCKS_DIFFER_BY:
            self.fail("future")
        return taken

    def _taken(self, text: str) -> Taken:
        if DATE.fullmatch(text):
            midnight = datetime.combine(date.fromisoformat(text), time.min)
            return Taken(timezone.make_aware(midnight), Precision.DAY)
        if not DATE_TIME.fullmatch(text):
            raise ValueError("neither a date nor a date and time with a zone")
        # In UTC: PostgreSQL takes no displacement of 16 hours and more, which ISO 8601 allows.
        return Taken(datetime.fromisoformat(text.upper().replace(",", ".")).astimezone(UTC), Precision.EXACT)

    def to_representation(self, value: Taken) -> str:
        raise NotImplementedError("This field is for input only.")


def taken_at_text(at: datetime | None, precision: str) -> str | None:
    """As an integrator sent it: a day stays a day, and gains no hour that nobody knew."""
    if at is None:
        return None
    if precision == Precision.DAY:
        return timezone.localtime(at).date().isoformat()
    return serializers.DateTimeField().to_representation(at)
