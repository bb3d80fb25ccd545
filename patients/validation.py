"""What a patient's data must look like, for pages, API and command line alike."""

import unicodedata
from collections.abc import Callable
from datetime import date
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from patients.models import Patient, Sex

OLDEST_YEARS: Final = 130


class MrnTaken(ValidationError):
    """The number belongs to somebody already; ``existing`` is None for those who may not read patients."""

    def __init__(self, existing: Patient | None) -> None:
        sentence = _("This MRN already belongs to a patient of this hospital.")
        super().__init__({"mrn": ValidationError(sentence, code="mrn_taken")})
        self.existing = existing


def patient_values_clean(values: dict[str, Any], *, today: date) -> dict[str, Any]:
    """The values as they are kept; raises one ValidationError that names every field that is wrong."""
    clean: dict[str, Any] = {}
    errors: dict[str, ValidationError] = {}
    for name, value in values.items():
        try:
            clean[name] = _CHECKS[name](value, today)
        except ValidationError as error:
            errors[name] = error
    if errors:
        raise ValidationError(errors)
    return clean


def text_clean(value: Any, *, max_length: int, empty: str) -> str:
    """Composed, with single spaces, and nothing in it that cannot be seen."""
    text = " ".join(unicodedata.normalize("NFC", str(value or "")).split())
    if not text:
        raise ValidationError(empty, code="required")
    if len(text) > max_length:
        sentence = _("This is too long: at most %(max)d characters, received %(length)d.")
        raise ValidationError(sentence, code="max_length", params={"max": max_length, "length": len(text)})
    if any(unicodedata.category(char) in {"Cc", "Cs", "Co", "Cn"} for char in text):
        raise ValidationError(_("This holds characters that cannot be shown. Type it again."), code="unprintable")
    return text


def _mrn_clean(value: Any, _today: date) -> str:
    return text_clean(value, max_length=64, empty=_("Enter the medical record number."))


def _family_name_clean(value: Any, _today: date) -> str:
    return text_clean(value, max_length=120, empty=_("Enter the family name."))


def _given_name_clean(value: Any, _today: date) -> str:
    return text_clean(value, max_length=120, empty=_("Enter the given name."))


def _birth_date_clean(value: Any, today: date) -> date:
    if not isinstance(value, date):
        raise ValidationError(_("Enter the birth date."), code="required")
    if value > today:
        raise ValidationError(_("The birth date lies in the future."), code="future")
    if today.year - value.year - ((today.month, today.day) < (value.month, value.day)) >= OLDEST_YEARS:
        sentence = _("The birth date lies more than %(years)d years back. Check the year.")
        raise ValidationError(sentence, code="too_long_ago", params={"years": OLDEST_YEARS})
    return value


def _sex_clean(value: Any, _today: date) -> str:
    if value not in Sex.values:
        raise ValidationError(_("Choose female, male, other or unknown."), code="invalid_choice")
    return Sex(value).value


_CHECKS: Final[dict[str, Callable[[Any, date], Any]]] = {
    "mrn": _mrn_clean,
    "family_name": _family_name_clean,
    "given_name": _given_name_clean,
    "birth_date": _birth_date_clean,
    "sex": _sex_clean,
}
FIELDS: Final = tuple(_CHECKS)
