"""Which read lead belongs to which drawn row: by where both lie on the page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from worker.generator.page import Row
from worker.generator.truth import DrawnPicture
from worker.image.reading import LeadReading
from worker.training.evaluation.digitising.curves import ReadCurve

_SAME_MM: Final = 2.0
_LEAST_SHARE: Final = 0.3  # of a row's visible samples that a lead has to follow


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """A drawn row: which of its samples the picture shows, and the read lead that follows most of them, or None."""

    row: Row
    visible: np.ndarray
    lead: int | None

    @property
    def is_shown(self) -> bool:
        """Whether there is anything to read."""
        return int(self.visible.sum()) >= 2 and float(np.ptp(self.row.signal_mv[self.visible])) > 0

    @property
    def shown_s(self) -> tuple[float, float]:
        """Time in the recording between the first and the last visible sample."""
        at = np.flatnonzero(self.visible)
        return self.row.start_s + float(at[0]) / self.row.fs, self.row.start_s + float(at[-1]) / self.row.fs


def places_of(drawn: DrawnPicture, leads: Sequence[LeadReading]) -> tuple[Place, ...]:
    """Every drawn row that the picture shows a part of.  One long lead may follow several rows of a line."""
    on_page = [drawn.scene.on_page(lead.at_px) for lead in leads]
    places = []
    for row, truth in zip(drawn.scene.page.rows, drawn.rows, strict=True):
        inside = (truth.trace_px >= 0) & (truth.trace_px < [drawn.width_px, drawn.height_px])
        visible = np.asarray(inside.all(axis=1))
        curve_mm = drawn.scene.page.curve_mm(row)[visible]
        shares = [_followed(curve_mm, points, lead.gap) for points, lead in zip(on_page, leads, strict=True)]
        best = int(np.argmax(shares)) if shares else None
        places.append(Place(row, visible, best if best is not None and shares[best] >= _LEAST_SHARE else None))
    return tuple(place for place in places if place.is_shown)


def _followed(curve_mm: np.ndarray, points_mm: np.ndarray, gap: np.ndarray) -> float:
    """The share of a curve's points that a lead passes."""
    if len(curve_mm) == 0 or gap.all():
        return 0.0
    order = np.argsort(points_mm[:, 0], kind="stable")
    x, y, seen = points_mm[order, 0], points_mm[order, 1], ~gap[order]
    height = np.interp(curve_mm[:, 0], x, y, left=np.inf, right=np.inf)
    present = np.interp(curve_mm[:, 0], x, seen.astype(float), left=0.0, right=0.0) > 0.5
    return float((present & (np.abs(height - curve_mm[:, 1]) <= _SAME_MM)).mean())


def read_curve(place: Place, drawn: DrawnPicture, lead: LeadReading) -> ReadCurve | None:
    """A lead's samples with the lead's own rate and millivolts, laid where the row is; None where it has neither."""
    mv = lead.millivolts
    if mv is None or lead.fs is None:
        return None
    own_s = np.arange(mv.size) / lead.fs
    true_s = row_times_s(place.row, drawn, lead.at_px)
    inside = ~lead.gap & (true_s >= 0) & (true_s <= place.row.signal_mv.size / place.row.fs)
    if not inside.any():
        return None
    start_s = float(np.median(true_s[inside] - own_s[inside]))
    return ReadCurve(start_s + own_s, np.nan_to_num(mv), ~lead.gap)


def row_times_s(row: Row, drawn: DrawnPicture, at_px: np.ndarray) -> np.ndarray:
    """The time since a row's first sample at points of the picture, by where they lie on the page; shape (n,)."""
    x_mm = drawn.scene.on_page(at_px)[:, 0]
    return np.asarray((x_mm - row.left_mm) / drawn.scene.page.speed_mm_s)
