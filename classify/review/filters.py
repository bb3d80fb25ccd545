"""The reading list's filters."""

from typing import Any

from django.contrib.admin import SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from classify.review.models import Verdict
from portal.pages.aami import AAMI_CLASS_OF_LETTER


class ChoiceFilter(SimpleListFilter):
    """Of what the address bar says only a choice that is offered counts; anything else is no filter."""

    def value(self) -> str | None:
        asked = super().value()
        return asked if asked in {str(value) for value, _label in self.lookup_choices} else None


class ReadingFilter(ChoiceFilter):
    title = _("Reading")
    parameter_name = "reading"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("unread", _("To read")), *Verdict.choices]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "unread":
            return queryset.filter(is_read=False)
        return queryset.filter(last_verdict=self.value()) if self.value() else queryset


class ClassFilter(ChoiceFilter):
    title = _("Class found")
    parameter_name = "aami_class"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(letter, f"{letter} · {aami.short_name}") for letter, aami in AAMI_CLASS_OF_LETTER.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(**{f"counts__{self.value()}__gt": 0}) if self.value() else queryset


class UnsureFilter(ChoiceFilter):
    title = _("Certainty")
    parameter_name = "unsure"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("With unsure beats")), ("no", _("Without unsure beats"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        match self.value():
            case "yes":
                return queryset.filter(unsure_count__gt=0)
            case "no":
                return queryset.filter(unsure_count=0)
        return queryset


class KindFilter(ChoiceFilter):
    title = _("Kind of picture")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("beat", _("Single beat")), ("strip", _("Strip")), ("sheet", _("Sheet")), ("screen", _("Monitor"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(kind=self.value()) if self.value() else queryset
