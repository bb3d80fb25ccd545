"""A job's tracing as pages show it: over the picture, on paper, and in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from classify.models import Beat, Job, Recording
from classify.tracings.overlay import Overlay, overlay_of
from classify.tracings.paper import Paper, paper_of
from classify.tracings.selectors import tracing_of_job
from classify.tracings.words import answering_words, beats_words, found_words, lack_words, layout_words, quality_words


@dataclass(frozen=True, slots=True)
class Read:
    """How the picture was read; ``quality`` is None where that is not known.

    ``found`` and ``lack`` say of a picture without a result what there was, and why it was not enough. Where the speed
    of its paper is what it lacks, its squares are no seconds.
    """

    layout: str
    quality: str | None
    answering: str
    beats_from: str
    quarter_turns: int
    found: str
    lack: str
    lacks_speed: bool

    @property
    def degrees(self) -> int:
        return self.quarter_turns * 90


def tracing_context(
    recording: Recording, job: Job | None, beats: Sequence[Beat] = (), settings: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Empty where nothing was found, or where nothing was kept yet when the picture was read."""
    tracing = tracing_of_job(job)
    if tracing is None or not recording.width_px or not recording.height_px:
        return {}
    overlay: Overlay = overlay_of(tracing, beats, size_px=(recording.width_px, recording.height_px))
    paper: Paper | None = paper_of(tracing, beats) if tracing.leads else None
    quality = (settings or {}).get("quality", min((lead.quality for lead in tracing.leads), default=None))
    read = Read(
        layout=layout_words(tracing.layout),
        quality=None if quality is None else quality_words(quality),
        answering=answering_words(tracing),
        beats_from=beats_words(tracing),
        quarter_turns=tracing.quarter_turns,
        found=found_words(tracing),
        lack=lack_words(tracing),
        lacks_speed=job is not None and job.reason in ("speed_unclear", "squares_unclear"),
    )
    return {"overlay": overlay, "paper": paper, "read": read}
