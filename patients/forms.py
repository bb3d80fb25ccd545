"""Forms in front of the services: they keep what was typed and hand every sentence to its field."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from patients.models import Patient, Sex
from patients.validation import FIELDS, MrnTaken, patient_values_clean

BIRTH_DATE_FORMATS = ["%Y-%m-%d", "%d.%m.%Y", "%d %B %Y", "%d %b %Y", "%Y%m%d"]


def _typed(**attrs: str) -> forms.TextInput:
    """No suggestions from earlier patients, no spelling service that gets to see a name."""
    return forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", **attrs})


class PatientForm(forms.Form):
    mrn = forms.CharField(
        label=_("Medical record number (MRN)"),
        widget=_typed(),
        help_text=_("As on the wristband."),
    )
    family_name = forms.CharField(label=_("Family name"), widget=_typed())
    given_name = forms.CharField(label=_("Given name"), widget=_typed())
    birth_date = forms.DateField(
        label=_("Birth date"),
        input_formats=BIRTH_DATE_FORMATS,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "autocomplete": "off"}),
        error_messages={"invalid": _("Enter the birth date as year-month-day, such as 1956-04-23.")},
    )
    sex = forms.ChoiceField(label=_("Sex"), choices=Sex.choices, initial=Sex.UNKNOWN)
    version = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, patient: Patient | None = None, **kwargs: Any) -> None:
        self.patient = patient
        if patient is not None:
            values = {name: getattr(patient, name) for name in FIELDS}
            kwargs["initial"] = {**values, "version": _version(patient), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        if patient is None:
            del self.fields["version"]
        if not self.is_bound:
            self.fields["mrn"].widget.attrs["autofocus"] = True

    def clean(self) -> dict[str, Any]:
        given = {name: value for name, value in (super().clean() or {}).items() if name in FIELDS}
        try:
            self.cleaned_data |= patient_values_clean(given, today=timezone.localdate())
        except ValidationError as error:
            self.add_error(None, error)
        if self.patient is not None and self.cleaned_data.get("version") != _version(self.patient):
            self._version_renew(self.patient)
        return self.cleaned_data

    def _version_renew(self, patient: Patient) -> None:
        """Somebody else saved this patient since the form was opened: say so once, then let it be saved."""
        self.data = {name: self.data[name] for name in self.data} | {self.add_prefix("version"): _version(patient)}
        sentence = _("Somebody changed this patient while you were writing. Check the values, then save again.")
        self.add_error(None, ValidationError(sentence, code="changed_meanwhile"))

    @property
    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in FIELDS}

    def mrn_taken_show(self, error: MrnTaken) -> None:
        sentence = error.message_dict["mrn"][0]
        if error.existing is None:
            return self.add_error("mrn", sentence)
        url = reverse("patients:detail", args=[error.existing.pk])
        link = format_html('<span>{} <a href="{}">{}</a></span>', sentence, url, _("Open that patient"))
        return self.add_error("mrn", ValidationError(link, code="mrn_taken"))


def _version(patient: Patient) -> str:
    return patient.updated_at.isoformat()


class NoteForm(forms.Form):
    text = forms.CharField(
        label=_("New note"),
        max_length=4000,
        error_messages={"required": _("Write something first.")},
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )


class SearchForm(forms.Form):
    """What the search sends, all of it in the body. Nonsense counts as nothing, so that a search never fails."""

    query = forms.CharField(required=False, max_length=200, strip=True)
    sort = forms.CharField(required=False)
    current_sort = forms.CharField(required=False)
    page = forms.CharField(required=False)
