from datetime import datetime, timedelta
from typing import Any, Final

from allauth.account.forms import LoginForm
from django import forms
from django.contrib.auth.password_validation import password_validators_help_text_html, validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.accounts.permissions import PERSON_ROLES, Permission

ROLE_CHOICES: Final = [
    (PERSON_ROLES[0].value, _("Doctor: all patients of this hospital, upload, results")),
    (PERSON_ROLES[1].value, _("Reviewer: what a doctor may, and confirming or correcting what the model said")),
    (PERSON_ROLES[2].value, _("Administrator: people, tokens, models and the audit; no patients")),
]
SCOPE_CHOICES: Final = [
    (Permission.PATIENTS_READ.value, _("Read patients: find a patient and read the record (patients:read)")),
    (Permission.PATIENTS_WRITE.value, _("Write patients: register and change patients (patients:write)")),
    (Permission.RECORDINGS_READ.value, _("Read recordings: states, results and pictures (recordings:read)")),
    (Permission.RECORDINGS_WRITE.value, _("Write recordings: upload ECGs (recordings:write)")),
    (Permission.READINGS_READ.value, _("Read readings: what physicians confirmed or corrected (readings:read)")),
]
LIFETIME_CHOICES: Final = [("30", _("30 days")), ("90", _("90 days")), ("365", _("1 year"))]


class SignInForm(LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""  # its link would take the Tab between address and password
        if self.is_bound:  # what is typed again is the password
            self.fields["login"].widget.attrs.pop("autofocus", None)
            self.fields["password"].widget.attrs["autofocus"] = True


class NameForm(forms.Form):
    full_name = forms.CharField(
        label=_("Full name"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=_("As it stands under your readings."),
    )


class RolesForm(forms.Form):
    roles = forms.MultipleChoiceField(
        label=_("Roles in this hospital"), choices=ROLE_CHOICES, widget=forms.CheckboxSelectMultiple
    )


class InviteForm(RolesForm):
    email = forms.EmailField(label=_("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    full_name = forms.CharField(
        label=_("Full name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    field_order = ["email", "full_name", "roles"]


class JoinForm(forms.Form):
    """What an invited person without an account fills in."""

    full_name = forms.CharField(
        label=_("Full name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    password_again = forms.CharField(
        label=_("Password again"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email
        self.fields["password"].help_text = password_validators_help_text_html()

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        password = cleaned.get("password")
        if password and "password_again" in cleaned and cleaned["password_again"] != password:
            self.add_error("password_again", _("The two passwords are not the same."))
        elif password:
            try:
                validate_password(password, User(email=self.email, full_name=cleaned.get("full_name", "")))
            except ValidationError as weak:
                self.add_error("password", weak)
        return cleaned


class TokenForm(forms.Form):
    name = forms.CharField(
        label=_("Name of the system"),
        max_length=100,
        help_text=_("Such as “PACS” or “Ward 3 gateway”. A new token of the same name continues the same system."),
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"), choices=SCOPE_CHOICES, widget=forms.CheckboxSelectMultiple
    )
    lifetime = forms.ChoiceField(label=_("Ends after"), choices=LIFETIME_CHOICES, initial="365")

    def expires_at(self, *, at: datetime) -> datetime:
        return at + timedelta(days=int(self.cleaned_data["lifetime"]))
