"""The editor over a picture: what was found, what was told, and where the corners stand at first."""

from dataclasses import dataclass
from typing import Any

from classify.corrections.checks import Point
from classify.corrections.forms import CorrectionForm
from classify.corrections.selectors import job_newest
from classify.models import Recording
from classify.told import told_of
from classify.tracings.overlay import overlay_of
from classify.tracings.selectors import tracing_of_job
from worker.image.told import NOTHING_TOLD, Told
from worker.tracing import Tracing


@dataclass(frozen=True, slots=True)
class Correctable:
    """A recording's newest reading, or the one before where nothing was found."""

    recording: Recording
    told: Told
    tracing: Tracing | None

    @property
    def size(self) -> tuple[int, int]:
        return self.recording.width_px or 0, self.recording.height_px or 0

    @property
    def whole(self) -> list[Point]:
        """The part that was read, clockwise from its upper left."""
        if self.told.corners:
            return list(self.told.corners)
        width, height = (float(side) for side in self.size)
        page = self.tracing.page if self.tracing else ()
        if len(page) != 4:
            return [(0.0, 0.0), (width, 0.0), (width, height), (0.0, height)]
        return [(min(max(x, 0.0), width), min(max(y, 0.0), height)) for x, y in page]


def correctable_of(recording: Recording) -> Correctable:
    newest = job_newest(recording)
    tracing = tracing_of_job(newest) or tracing_of_job(recording.current_job)
    return Correctable(recording, told_of(newest) if newest else NOTHING_TOLD, tracing)


def editor_context(seen: Correctable, form: CorrectionForm) -> dict[str, Any]:
    context: dict[str, Any] = {"recording": seen.recording, "form": form, "editor": editor_data(seen)}
    if seen.tracing is not None:
        context["overlay"] = overlay_of(seen.tracing, (), size_px=seen.size)
    return context


def editor_data(seen: Correctable) -> dict[str, Any]:
    """For the script."""
    leads = seen.tracing.leads if seen.tracing else ()
    width, height = seen.size
    return {
        "width": width,
        "height": height,
        "whole": seen.whole,
        "corners": seen.told.corners,
        "added": seen.told.r_peaks_added,
        "removed": seen.told.r_peaks_removed,
        "lines": [lead.line for lead in leads],
        "peaks": [
            {"point": peak.point, "at_s": None if peak.at_s is None else lead.start_s + peak.at_s}
            for lead in leads
            for peak in lead.peaks
        ],
    }
