"""Reading the registry: versions with their roles, their history, and how a shadow compares."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Min, Prefetch, QuerySet, Sum

from classify.models import Recording
from classify.registry.models import (
    Deployment,
    EventAction,
    ModelEvent,
    ModelVersion,
    ShadowCount,
    ShadowPrediction,
)
from portal.accounts.actor import Actor
from portal.accounts.models import User
from portal.pages.aami import AAMI_CLASS_OF_LETTER

MOST_DIFFERING: Final = 25


def version_list() -> QuerySet[ModelVersion]:
    """All versions with their roles, those of a kind together and the one in use first."""
    roles = Prefetch("deployments", Deployment.objects.order_by("role"))
    return ModelVersion.objects.prefetch_related(roles)


def role_of(version: ModelVersion) -> Deployment | None:
    """From what ``version_list`` has loaded: a version has one role, or none."""
    return next(iter(version.deployments.all()), None)


def deployed(kind: str, role: str) -> Deployment | None:
    return Deployment.objects.filter(kind=kind, role=role).select_related("version").first()


@dataclass(frozen=True, slots=True)
class Told:
    """An event, and who it was as far as this actor may know."""

    event: ModelEvent
    by: User | None
    by_elsewhere: bool

    @property
    def reason(self) -> str:
        """Free words stay, as the person's name does, with the hospital that they were written in."""
        return "" if self.by_elsewhere else self.event.reason

    @property
    def reason_elsewhere(self) -> bool:
        return self.by_elsewhere and bool(self.event.reason)


def history(actor: Actor, version: ModelVersion) -> list[Told]:
    """The newest first. A person of another hospital is not named, nor are their reasons shown."""
    events = ModelEvent.objects.filter(version=version).select_related("replaced", "by")
    known = set(User.objects.visible_to(actor).values_list("pk", flat=True))
    return [
        Told(event, event.by if event.by_id in known else None, bool(event.by_id and event.by_id not in known))
        for event in events
    ]


@dataclass(frozen=True, slots=True)
class Agreement:
    """How a shadow's classes compare with those of the model that it ran beside."""

    recordings: int
    since: datetime | None
    confusion: Mapping[str, Mapping[str, int]]  # class of the model in use -> class of the shadow -> beats

    @property
    def beats(self) -> int:
        return sum(sum(row.values()) for row in self.confusion.values())

    @property
    def agreed(self) -> int:
        return sum(row[letter] for letter, row in self.confusion.items())

    @property
    def share(self) -> float | None:
        return self.agreed / self.beats if self.beats else None

    @property
    def rows(self) -> list[tuple[str, list[tuple[str, int]], int]]:
        return [(letter, list(row.items()), sum(row.values())) for letter, row in self.confusion.items()]


def agreement(actor: Actor, version: ModelVersion, beside: ModelVersion) -> Agreement:
    """Of the actor's hospital, counted by the database: three queries."""
    shadows = ShadowPrediction.objects.counted_for(actor).filter(version=version, beside=beside)
    confusion = {letter: dict.fromkeys(AAMI_CLASS_OF_LETTER, 0) for letter in AAMI_CLASS_OF_LETTER}
    counts = ShadowCount.objects.filter(shadow__in=shadows).order_by().values_list("active_class", "shadow_class")
    for one, other, beats in counts.annotate(Sum("beats")):
        confusion[one][other] = beats
    first = shadows.aggregate(Min("created_at"))["created_at__min"]
    return Agreement(recordings=shadows.count(), since=first, confusion=confusion)


def most_differing(actor: Actor, version: ModelVersion, beside: ModelVersion) -> list[Any]:
    """The recordings about which the two differ most; only for those who may open them."""
    visible = Recording.objects.visible_to(actor).current()
    shadows = (
        ShadowPrediction.objects.filter(
            version=version, beside=beside, differing__gt=0, prediction__recording__in=visible
        )
        .select_related("prediction__recording")
        .prefetch_related("class_counts")
        .order_by("-differing", "-created_at")
    )
    return list(shadows[:MOST_DIFFERING])


def changes_words(counts: Iterable[ShadowCount]) -> str:
    """Such as "N → S 4, V → N 1"."""
    changed = [row for row in counts if row.active_class != row.shadow_class]
    ordered = sorted(changed, key=lambda row: (-row.beats, row.active_class, row.shadow_class))
    return ", ".join(f"{row.active_class} → {row.shadow_class} {row.beats}" for row in ordered)


def has_been_shadow(version: ModelVersion) -> bool:
    return ModelEvent.objects.filter(version=version, action=EventAction.SHADOW_STARTED).exists()


def compared_with(version: ModelVersion) -> QuerySet[ModelVersion]:
    """The versions beside which this one has run as a shadow."""
    return ModelVersion.objects.filter(
        pk__in=ShadowPrediction.objects.filter(version=version).order_by().values("beside")
    )
