"""What lists can be narrowed to and sorted by. Nothing of a patient but the random id: filters stand in URLs."""

from datetime import UTC, datetime
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _
from django_filters import rest_framework as filters
from django_filters.fields import IsoDateTimeField

from classify.api.serializers.predictions import AAMI, KINDS
from classify.models import JobState, Prediction, Recording
from classify.review.models import Reading, Verdict
from patients.models import Patient
from patients.selectors import patients_sorted

CLASS_CHOICES = [(letter, letter) for letter in AAMI]
KIND_CHOICES = [(kind, kind) for kind in KINDS]


def both_ways(*columns: str) -> list[tuple[str, str]]:
    return [(sign + column, sign + column) for column in columns for sign in ("", "-")]


class Ordering(filters.ChoiceFilter):
    """By one column, nulls last, and by id where that is equal, so that no row is lost between two pages."""

    def __init__(self, *columns: str) -> None:
        choices = both_ways(*columns)
        super().__init__(choices=choices, help_text="One of the columns; a minus turns the order around.")

    def filter(self, qs: QuerySet[Any], value: str | None) -> QuerySet[Any]:
        if not value:
            return qs
        column = F(value.removeprefix("-"))
        order = column.desc(nulls_last=True) if value.startswith("-") else column.asc(nulls_last=True)
        return qs.order_by(order, "pk")


class MomentField(IsoDateTimeField):
    """In UTC and within reason: PostgreSQL takes neither every displacement nor every year that ISO 8601 allows."""

    def to_python(self, value: Any) -> datetime | None:
        moment = super().to_python(value)
        if moment is None:
            return None
        try:
            moment = moment.astimezone(UTC)
        except OverflowError as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error
        if not 1800 <= moment.year <= 2200:
            raise ValidationError(_("A year from 1800 to 2200 is expected."), code="invalid")
        return moment


class Moment(filters.IsoDateTimeFilter):
    field_class = MomentField

    def __init__(self, field_name: str, lookup_expr: str) -> None:
        words = {"gte": "At or after", "lt": "Before"}[lookup_expr]
        super().__init__(
            field_name=field_name,
            lookup_expr=lookup_expr,
            help_text=f"{words} this moment: ISO 8601 with a time zone, such as 2026-11-20T00:00:00Z.",
        )


def counts_any(path: str, letters: list[str]) -> Q:
    found = Q()
    for letter in letters:
        found |= Q(**{f"{path}__{letter}__gt": 0})
    return found


class PatientFilters(filters.FilterSet):
    ordering = filters.ChoiceFilter(
        choices=both_ways("name", "mrn", "birth_date"),
        method="sort",
        help_text="One of the columns; a minus turns the order around.",
    )

    class Meta:
        model = Patient
        fields: ClassVar[list[str]] = []

    def sort(self, rows: QuerySet[Patient], name: str, value: str) -> QuerySet[Patient]:
        return patients_sorted(rows, value)


class RecordingFilters(filters.FilterSet):
    patient = filters.UUIDFilter(field_name="patient_id")
    state = filters.MultipleChoiceFilter(field_name="current_job__state", choices=JobState.choices)
    kind = filters.MultipleChoiceFilter(field_name="current_job__kind", choices=KIND_CHOICES)
    aami_class = filters.MultipleChoiceFilter(
        choices=CLASS_CHOICES, method="with_class", help_text="The model found at least one beat of any of these."
    )
    recorded_after = Moment("recorded_at", "gte")
    recorded_before = Moment("recorded_at", "lt")
    uploaded_after = Moment("uploaded_at", "gte")
    uploaded_before = Moment("uploaded_at", "lt")
    withdrawn = filters.BooleanFilter(
        method="of_withdrawal", help_text="true: only those entered in error, which are otherwise left out."
    )
    ordering = Ordering("uploaded_at", "recorded_at")

    class Meta:
        model = Recording
        fields: ClassVar[list[str]] = []

    def filter_queryset(self, queryset: QuerySet[Recording]) -> QuerySet[Recording]:
        only_withdrawn = bool(self.form.cleaned_data.get("withdrawn"))
        return super().filter_queryset(queryset.filter(withdrawn_at__isnull=not only_withdrawn))

    def of_withdrawal(self, rows: QuerySet[Recording], name: str, value: bool) -> QuerySet[Recording]:
        return rows

    def with_class(self, rows: QuerySet[Recording], name: str, value: list[str]) -> QuerySet[Recording]:
        found = rows.filter(counts_any("current_job__prediction__counts", value)) if value else rows
        # What a withdrawn result said is withdrawn as well, also as a filter.
        return found.filter(withdrawn_at__isnull=True) if value else found


class PredictionFilters(filters.FilterSet):
    recording = filters.UUIDFilter(field_name="recording_id")
    patient = filters.UUIDFilter(field_name="recording__patient_id")
    kind = filters.MultipleChoiceFilter(choices=KIND_CHOICES)
    aami_class = filters.MultipleChoiceFilter(
        choices=CLASS_CHOICES, method="with_class", help_text="At least one beat of any of these."
    )
    unsure = filters.BooleanFilter(method="with_unsure", help_text="true: at least one beat is unsure.")
    current = filters.BooleanFilter(method="of_current_job", help_text="true: without those that were superseded.")
    model_version = filters.CharFilter(max_length=30)
    created_after = Moment("created_at", "gte")
    created_before = Moment("created_at", "lt")
    ordering = Ordering("created_at", "least_confidence")

    class Meta:
        model = Prediction
        fields: ClassVar[list[str]] = []

    def with_class(self, rows: QuerySet[Prediction], name: str, value: list[str]) -> QuerySet[Prediction]:
        return rows.filter(counts_any("counts", value)) if value else rows

    def with_unsure(self, rows: QuerySet[Prediction], name: str, value: bool) -> QuerySet[Prediction]:
        return rows.filter(unsure_count__gt=0) if value else rows.filter(unsure_count=0)

    def of_current_job(self, rows: QuerySet[Prediction], name: str, value: bool) -> QuerySet[Prediction]:
        is_current = Q(recording__current_job=F("job"))
        return rows.filter(is_current if value else ~is_current)


class ReadingFilters(filters.FilterSet):
    prediction = filters.UUIDFilter(field_name="prediction_id")
    recording = filters.UUIDFilter(field_name="prediction__recording_id")
    patient = filters.UUIDFilter(field_name="prediction__recording__patient_id")
    verdict = filters.MultipleChoiceFilter(choices=Verdict.choices)
    signed_after = Moment("signed_at", "gte")
    signed_before = Moment("signed_at", "lt")
    ordering = Ordering("signed_at")

    class Meta:
        model = Reading
        fields: ClassVar[list[str]] = []
