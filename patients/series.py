"""Figures over time on the patient's page; whoever knows a figure registers how it is loaded."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from patients.models import Patient
from portal.accounts.actor import Actor

Point = tuple[datetime, float, UUID]  # when, how much, and what it was measured on
SeriesLoader = Callable[[Patient, Actor, int], list[Point]]  # the newest so many points


@dataclass(frozen=True, slots=True)
class Series:
    name: str
    label: Any
    unit: Any
    load: SeriesLoader
    url: Callable[[UUID], str] | None = None  # of the page of what was measured on; else its row on the timeline

    def point_url(self, ref: UUID) -> str:
        return self.url(ref) if self.url else f"#entry-{ref}"


_series: dict[str, Series] = {}


def timeline_series_register(
    name: str, label: Any, unit: Any, load: SeriesLoader, *, url: Callable[[UUID], str] | None = None
) -> None:
    _series[name] = Series(name, label, unit, load, url)


def timeline_series() -> list[Series]:
    return list(_series.values())
