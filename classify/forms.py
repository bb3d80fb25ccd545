from collections.abc import Iterable
from datetime import datetime, time
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from classify.models import Recording
from patients.models import Patient, Precision
from patients.selectors import patient_search
from portal.accounts.actor import Actor
from worker.image.told import SECONDS_LIMITS

FOUND_LIMIT: Final = 20
LEADS: Final = ("I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6", "MLII")

# Those that machines print; limits of what is believed stand in worker.image.told.
SPEEDS_MM_S: Final = (5.0, 10.0, 12.5, 25.0, 50.0, 100.0, 200.0)
GAINS_MM_MV: Final = (2.5, 5.0, 10.0, 20.0)


def seconds_field() -> forms.FloatField:
    least, most = SECONDS_LIMITS
    return forms.FloatField(
        label=_("Seconds shown"),
        required=False,
        min_value=least,
        max_value=most,
        widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
        help_text=_("From the first to the last point of the curves; needed where there are no squares."),
    )


def numbers(offered: Iterable[float], unit: str) -> list[tuple[str, str]]:
    return [(f"{number:g}", f"{number:g} {unit}") for number in offered]


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class UploadForm(forms.Form):
    """What is known of the ECG; holds for all files of one sending. The files themselves come beside it."""

    taken_on = forms.DateField(
        label=_("Date of the ECG"), required=False, widget=DateInput, help_text=_("Leave it empty where it is unknown.")
    )
    taken_at = forms.TimeField(
        label=_("Time"), required=False, widget=TimeInput, help_text=_("Without a time only the day is kept.")
    )
    lead = forms.ChoiceField(
        label=_("Lead"), required=False, choices=[("", _("Unknown")), *((lead, lead) for lead in LEADS)]
    )
    speed_mm_s = forms.TypedChoiceField(
        label=_("Paper speed"),
        required=False,
        coerce=float,
        empty_value=None,
        choices=[
            ("", _("Unknown (25 mm/s is assumed)")),
            *((f"{value:g}", f"{value:g} mm/s") for value in SPEEDS_MM_S),
        ],
    )
    gain_mm_mv = forms.TypedChoiceField(
        label=_("Gain"),
        required=False,
        coerce=float,
        empty_value=None,
        choices=[("", _("Unknown")), *numbers(GAINS_MM_MV, "mm/mV")],
    )
    seconds_across = seconds_field()
    confirm_duplicate = forms.BooleanField(label=_("Send it although another patient has it"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["taken_on"].widget.attrs["max"] = timezone.localdate().isoformat()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("taken_at") and not data.get("taken_on") and "taken_on" not in self.errors:
            self.add_error("taken_on", ValidationError(_("Give the date as well, or leave the time empty.")))
        taken = self.recorded_at
        if taken and taken > timezone.now():
            self.add_error("taken_on", ValidationError(_("The ECG can't have been taken in the future.")))
        return data

    @property
    def recorded_at(self) -> datetime | None:
        day = self.cleaned_data.get("taken_on")
        if day is None:
            return None
        return timezone.make_aware(datetime.combine(day, self.cleaned_data.get("taken_at") or time.min))

    @property
    def recorded_precision(self) -> str:
        if not self.cleaned_data.get("taken_on"):
            return Precision.UNKNOWN
        return Precision.EXACT if self.cleaned_data.get("taken_at") else Precision.DAY


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It stays on the timeline. Write no names or numbers of patients."),
    )


class MoveForm(ReasonForm):
    query = forms.CharField(label=_("Find the right patient"), required=False, max_length=200, strip=True)
    to_patient = forms.UUIDField(
        label=_("Move to"), error_messages={"required": _("Search and choose the patient it belongs to.")}
    )

    def __init__(self, *args: Any, actor: Actor, recording: Recording, searching: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor, self.recording = actor, recording
        self.searching = searching
        if searching:  # only the search is sent: what is missing elsewhere is no error yet
            self.fields["reason"].required = self.fields["to_patient"].required = False

    @property
    def found(self) -> list[Patient]:
        query = str(self.data.get("query", "")).strip()
        if not query:
            return []
        return list(patient_search(self.actor, query).exclude(pk=self.recording.patient_id)[:FOUND_LIMIT])
