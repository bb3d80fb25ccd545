"""What a person says of a picture, as a form; the editor over the picture fills the hidden fields."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from classify.corrections.checks import Point
from classify.forms import GAINS_MM_MV, LEADS, SPEEDS_MM_S, numbers, seconds_field
from worker.image.told import Told
from worker.tracing import TracedLead, Tracing

NOBODY_KNOWS: Final = "unknown"
TURNS: Final = [
    (0, gettext_lazy("As it is")),
    (1, gettext_lazy("90° clockwise")),
    (2, gettext_lazy("180°")),
    (3, gettext_lazy("90° counter-clockwise")),
]


class PointsField(forms.Field):
    """Points as JSON; whether they can be meant is ``told_checked``'s business."""

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(required=False)

    def to_python(self, value: Any) -> list[Any] | None:
        try:
            return json.loads(value) or None if value else None
        except (ValueError, RecursionError) as error:
            raise ValidationError(_("The points did not arrive whole. Send them again.")) from error

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) else json.dumps(value) if value else ""


class CornersForm(forms.Form):
    """The part of the picture that is to be read."""

    corners = PointsField()


class CorrectionForm(CornersForm):
    turn = forms.TypedChoiceField(label=gettext_lazy("Turn the picture"), choices=TURNS, coerce=int, required=False)
    speed_mm_s = forms.TypedChoiceField(
        label=gettext_lazy("Paper speed"), coerce=float, empty_value=None, required=False
    )
    gain_mm_mv = forms.TypedChoiceField(label=gettext_lazy("Gain"), coerce=float, empty_value=None, required=False)
    seconds_across = seconds_field()
    r_peaks_added = PointsField()
    r_peaks_removed = PointsField()

    def __init__(self, data: Any = None, *, told: Told, tracing: Tracing | None) -> None:
        initial = {
            "speed_mm_s": _text(told.speed_mm_s),
            "gain_mm_mv": _text(told.gain_mm_mv),
            "seconds_across": told.seconds_across,
            "corners": told.corners,
            "r_peaks_added": told.r_peaks_added,
            "r_peaks_removed": told.r_peaks_removed,
        }
        super().__init__(data, initial=initial)
        self.told, self.tracing = told, tracing
        self._choices_set("speed_mm_s", SPEEDS_MM_S, told.speed_mm_s, "mm/s")
        self._choices_set("gain_mm_mv", GAINS_MM_MV, told.gain_mm_mv, "mm/mV")
        for name, field, chosen in self._lead_fields():
            self.fields[name], self.initial[name] = field, chosen

    def _choices_set(self, name: str, usual: Sequence[float], told: float | None, unit: str) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("As found")), *numbers(sorted({*usual, *([told] if told else [])}), unit)]

    def _lead_fields(self) -> Iterator[tuple[str, forms.ChoiceField, str]]:
        """One for each stretch of lead that was found, or one for the only lead."""
        names = [(lead, lead) for lead in LEADS]
        if not self.has_several_leads:
            choices = [("", _("Unknown")), *names]
            yield "lead", forms.ChoiceField(label=_("Lead"), choices=choices, required=False), self.told.lead or ""
            return
        assert self.tracing is not None
        in_row = Counter(lead.row for lead in self.tracing.leads)
        for lead in self.tracing.leads:
            place = f"{lead.row}.{lead.column}"
            found = _("%(lead)s (as found)") % {"lead": lead.lead or _("unknown")}
            choices = [("", found), *names, (NOBODY_KNOWS, _("Unknown"))]
            label = _("Row %(row)d, column %(column)d") % {"row": lead.row + 1, "column": lead.column + 1}
            told = self.told.leads.get(place)
            chosen = "" if told is None else told or NOBODY_KNOWS
            widget = _lead_select(lead, stands_alone=in_row[lead.row] == 1)
            field = forms.ChoiceField(label=label, choices=choices, widget=widget, required=False)
            yield f"lead-{place}", field, chosen

    @property
    def has_several_leads(self) -> bool:
        return self.tracing is not None and len(self.tracing.leads) > 1

    @property
    def lead_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("lead")]

    def said(self, whole: Sequence[Point]) -> dict[str, Any]:
        """For ``recording_correct``; without a script a turn begins at another corner of ``whole``."""
        data = self.cleaned_data
        names = ("speed_mm_s", "gain_mm_mv", "seconds_across", "corners", "r_peaks_added", "r_peaks_removed")
        said = {name: data[name] for name in names}
        if turn := data["turn"] or 0:
            corners = data["corners"] or [list(point) for point in whole]
            said["corners"] = corners[-turn:] + corners[:-turn]
        if not self.has_several_leads:
            return said | {"lead": data["lead"] or None}
        return said | {"leads": {field.name.removeprefix("lead-"): name for field, name in self._leads_named()}}

    def _leads_named(self) -> Iterator[tuple[forms.BoundField, str]]:
        for field in self.lead_fields:
            if name := self.cleaned_data[field.name]:
                yield field, "" if name == NOBODY_KNOWS else name


def _lead_select(lead: TracedLead, *, stands_alone: bool) -> forms.Select:
    """With what the script needs to tell a name that is given twice from a rhythm strip that repeats a lead."""
    kind = "row" if stands_alone else "column"
    return forms.Select(attrs={"data-found": lead.lead or "", "data-kind": kind})


def _text(number: float | None) -> str:
    return "" if number is None else f"{number:g}"
