"""The recipe: pictures in, one end for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from worker.errors import EcgError
from worker.image.decode import Picture
from worker.results import EcgResult

if TYPE_CHECKING:
    from worker.model.registry import Classifiers


@dataclass(frozen=True, slots=True)
class Request:
    """A picture and what its sender knows about it."""

    picture: Picture
    lead: str | None = None
    speed_mm_s: float | None = None
    gain_mm_mv: float | None = None


def classify_pictures(requests: Sequence[Request], *, models: Classifiers) -> list[EcgResult | EcgError]:
    """One end per picture, in order; all beats of all pictures go through each network in one batch."""
    raise NotImplementedError
