from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from classify.registry.services import MAX_REASON, REASON_MISSING
from classify.registry.weeks import BY

BY_WORDS = {"answered": _("the model answered"), "taken": _("the ECG was taken")}


class ChangeForm(forms.Form):
    """``instead_of`` is the version that the page showed as the one in use: another one meanwhile is told."""

    instead_of = forms.UUIDField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Why"),
        max_length=MAX_REASON,
        error_messages={"required": REASON_MISSING},
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Administrators of this hospital read it in the history. Name no patient."),
    )

    def __init__(self, *args: Any, instead_of: UUID, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["instead_of"] = instead_of


class WeeksForm(forms.Form):
    by = forms.ChoiceField(label=_("By the week in which"), choices=[(by, BY_WORDS[by]) for by in BY])

    def chosen(self) -> str:
        """What is not offered is the first choice."""
        return self.cleaned_data["by"] if self.is_valid() else next(iter(BY))
