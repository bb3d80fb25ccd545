"""The review screens: the reading list and the reading desk, and read-only lists of beats and readings."""

from typing import Any
from uuid import UUID

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from classify.models import Beat, Prediction
from classify.review.desk import desk_page
from classify.review.filters import ClassFilter, KindFilter, ReadingFilter, UnsureFilter
from classify.review.models import Reading
from classify.review.selectors import WORKLIST_ORDER, worklist
from classify.templatetags.recordings import moment, percent
from portal.admin.base import ReadOnlyAdmin
from portal.audit.services import audit_record


class ReviewAdmin(ReadOnlyAdmin):
    """A read-only list with our own filter bar and paging."""

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        response = super().changelist_view(request, extra_context)
        changelist = getattr(response, "context_data", {}).get("cl")
        if changelist is not None:
            response.context_data |= changelist_context(changelist)
            self.audit_list(request, changelist.result_list)
        return response

    def audit_list(self, request: HttpRequest, rows: Any) -> None:
        patients = {self.patient_id_of(row) for row in rows}
        audit_record(request.actor, f"{self.model._meta.model_name}.list", patients=sorted(patients))  # type: ignore[attr-defined]

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        response = super().changeform_view(request, object_id, form_url, extra_context)
        self.audit_read(request, object_id)
        return response

    def audit_read(self, request: HttpRequest, object_id: str | None) -> None:
        row = self.get_object(request, unquote(object_id)) if object_id else None
        if row is not None:
            action = f"{self.model._meta.model_name}.read"
            audit_record(request.actor, action, patients=[self.patient_id_of(row)], target=row)  # type: ignore[attr-defined]

    def patient_id_of(self, row: Any) -> Any:
        return row.prediction.recording.patient_id


def changelist_context(changelist: Any) -> dict[str, Any]:
    """What the templates show of a ChangeList: filters with what is chosen, and the neighbouring pages."""
    filters = []
    for spec in changelist.filter_specs:
        choices = list(spec.choices(changelist))
        chosen = next((choice["display"] for choice in choices if choice["selected"]), "")
        filters.append({"title": spec.title, "choices": choices, "chosen": chosen})
    page = changelist.page_num
    return {
        "filters": filters,
        "previous_page": changelist.get_query_string({"p": page - 1}),
        "next_page": changelist.get_query_string({"p": page + 1}),
    }


@admin.register(Prediction)
class PredictionAdmin(ReviewAdmin):
    """The reading list, and the desk where one prediction is read."""

    list_display = ["id"]
    list_filter = [ReadingFilter, ClassFilter, UnsureFilter, KindFilter]
    list_per_page = 25

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return worklist(request.actor)  # type: ignore[attr-defined]

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        return list(WORKLIST_ORDER)

    def patient_id_of(self, row: Prediction) -> Any:
        return row.recording.patient_id

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        first_unread = self.get_queryset(request).filter(is_read=False).first()
        return super().changelist_view(request, {**(extra_context or {}), "first_unread": first_unread})

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if object_id is None:
            raise PermissionDenied
        return desk_page(request, object_id, frame=self.admin_site.each_context(request))


@admin.register(Beat)
class BeatAdmin(ReviewAdmin):
    list_display = ["aami_class", "certain", "unsure", "lead", "where"]
    ordering = ["confidence", "pk"]
    list_filter = ["aami_class", "unsure"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("prediction__recording")

    @admin.display(description=_("Certain"), ordering="confidence")
    def certain(self, beat: Beat) -> str:
        return percent(beat.confidence)

    @admin.display(description=_("Where"))
    def where(self, beat: Beat) -> str:
        return desk_link(beat.prediction_id, _("Beat %(number)d of a recording") % {"number": beat.number})


@admin.register(Reading)
class ReadingAdmin(ReviewAdmin):
    list_display = ["signed", "reader", "verdict", "where"]
    list_filter = ["verdict"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("reader", "prediction__recording")

    @admin.display(description=_("Signed at"), ordering="signed_at")
    def signed(self, reading: Reading) -> str:
        return moment(reading.signed_at)

    @admin.display(description=_("read by"))
    def reader(self, reading: Reading) -> str:
        return reading.reader.full_name

    @admin.display(description=_("Where"))
    def where(self, reading: Reading) -> str:
        return desk_link(reading.prediction_id, _("A recording"))


def desk_link(prediction_id: UUID, words: object) -> str:
    return format_html('<a href="{}">{}</a>', reverse("admin:classify_prediction_change", args=[prediction_id]), words)
