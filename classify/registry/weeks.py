"""What a model said week by week in one hospital, counted by the database."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import TruncWeek
from django.utils.timezone import localtime

from classify.models import Beat, Prediction
from classify.registry.drift import Answers
from classify.registry.models import ModelVersion
from portal.accounts.actor import Actor

# Which date puts a recording into its week
BY: Final = {"answered": "created_at", "taken": "recording__recorded_at"}


def answers_counted_for(actor: Actor | None, version: ModelVersion) -> QuerySet[Prediction]:
    """The version's predictions of the actor's hospital, for counts alone: an administrator reads none of them."""
    if actor is None or not actor.may_administer:
        return Prediction.objects.none()
    return Prediction.objects.filter(
        recording__hospital=actor.hospital,
        recording__withdrawn_at__isnull=True,
        model_name=version.name,
        model_version=version.version,
        model_sha256=version.sha256,
    )


def answers_by_week(actor: Actor, version: ModelVersion, *, by: str) -> dict[date, Answers]:
    """Two queries, however many recordings there are. Weeks start on Monday, as ISO 8601 has it."""
    predictions = answers_counted_for(actor, version).filter(**{f"{BY[by]}__isnull": False})
    recordings = dict(
        predictions.order_by()
        .annotate(week=TruncWeek(BY[by]))
        .values_list("week")
        .annotate(Count("recording", distinct=True))
    )
    rows = (
        Beat.objects.filter(prediction__in=predictions)
        .order_by()
        .annotate(week=TruncWeek(f"prediction__{BY[by]}"))
        .values("week", "aami_class")
        .annotate(beats=Count("pk"), unsure_beats=Count("pk", filter=Q(unsure=True)), certain=Sum("confidence"))
    )
    of_week: dict[datetime, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        of_week[row["week"]].append(row)
    return {localtime(week).date(): _answers(found, recordings.get(week, 0)) for week, found in of_week.items()}


def _answers(rows: list[Mapping[str, Any]], recordings: int) -> Answers:
    return Answers(
        counts={row["aami_class"]: row["beats"] for row in rows},
        unsure=sum(row["unsure_beats"] for row in rows),
        confidence_sum=sum(row["certain"] for row in rows),
        recordings=recordings,
    )
