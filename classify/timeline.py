"""What recordings show on the patient's page; registered with patients when the app is ready."""

from typing import Any, Final
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from classify.models import JobState, Prediction, Recording
from classify.models.job import OPEN_STATES
from classify.selectors import TimelineRecording, recordings_for_timeline
from patients.models import Patient, TimelineEntry
from patients.series import Point, timeline_series_register
from patients.timeline import (
    RECORDING,
    Entries,
    FilterChoice,
    TimelineFilters,
    TimelineKind,
    timeline_kind_register,
)
from portal.accounts.actor import Actor
from portal.pages.aami import AAMI_CLASS_OF_LETTER

ECTOPIC: Final = ("S", "V", "F")
CLASS_CHOICES: Final = {f"class-{letter}": letter for letter in "SVFQ"}
STATE_CHOICES: Final = {
    "done": [JobState.DONE],
    "open": list(OPEN_STATES),
    "needs-person": [JobState.NEEDS_PERSON],
    "ended": [JobState.FAILED, JobState.REFUSED],
}

FILTERS: Final = [
    *(
        FilterChoice(value, AAMI_CLASS_OF_LETTER[letter].name, _("With a beat of class"))
        for value, letter in CLASS_CHOICES.items()
    ),
    FilterChoice("unsure", _("With unsure beats"), _("Model")),
    FilterChoice("done", _("Done"), _("State")),
    FilterChoice("open", _("In progress"), _("State")),
    FilterChoice("needs-person", _("Needs a person"), _("State")),
    FilterChoice("ended", _("Failed or refused"), _("State")),
    FilterChoice("error", _("Entered in error"), _("State")),
]


def timeline_kinds_register() -> None:
    timeline_kind_register(
        TimelineKind(
            name=RECORDING,
            label=_("Recordings"),
            template="classify/timeline_recording.html",
            load=recordings_for_timeline,
            filters=TimelineFilters(FILTERS, entries_narrow),
            current=entries_current,
            is_history=entry_is_history,
        )
    )
    timeline_series_register("rate", _("Heart rate"), _("/min"), rates_load, url=recording_url)
    timeline_series_register("ectopic_burden", _("Ectopic beats"), "%", burdens_load, url=recording_url)


# --- Entries ----------------------------------------------------------------------------------------------------------
def entries_narrow(entries: Entries, choice: str) -> Entries:
    return entries.filter(_here(Recording.objects.filter(_wanted(choice))))


def _wanted(choice: str) -> Q:
    if choice == "error":
        return Q(withdrawn_at__isnull=False)
    current = Q(withdrawn_at__isnull=True)
    if choice == "unsure":
        return current & Q(current_job__prediction__unsure_count__gt=0)
    if choice in CLASS_CHOICES:
        return current & Q(**{f"current_job__prediction__counts__{CLASS_CHOICES[choice]}__gt": 0})
    return current & Q(current_job__state__in=STATE_CHOICES[choice])


def entries_current(entries: Entries) -> Entries:
    return entries.filter(_here(Recording.objects.current()))


def _here(recordings: QuerySet[Recording]) -> Exists:
    """The recording still stands at the patient on whose timeline the entry is."""
    return Exists(recordings.filter(pk=OuterRef("ref"), patient=OuterRef("patient")))


def entry_is_history(entry: TimelineEntry, item: TimelineRecording) -> bool:
    return item.recording.is_withdrawn or item.recording.patient_id != entry.patient_id


# --- Figures over time ------------------------------------------------------------------------------------------------
def rates_load(patient: Patient, actor: Actor, newest: int) -> list[Point]:
    rates = _results(patient, actor).filter(rate_bpm__isnull=False)
    return list(rates.values_list("taken", "rate_bpm", "recording_id")[:newest])


def burdens_load(patient: Patient, actor: Actor, newest: int) -> list[Point]:
    """The share of ectopic beats; pictures of a single beat carry none."""
    rows = _results(patient, actor).filter(beat_count__gt=1)
    found = rows.values_list("taken", "counts", "beat_count", "recording_id")[:newest]
    return [(taken, burden_percent(counts, beat_count), ref) for taken, counts, beat_count, ref in found]


def burden_percent(counts: dict[str, int], beat_count: int) -> float:
    return 100 * sum(counts.get(letter, 0) for letter in ECTOPIC) / beat_count


def _results(patient: Patient, actor: Actor) -> QuerySet[Any]:
    """The recordings' current predictions, newest first; none that waits for a person or of unknown time.

    The moment of an upload would pass for the heart's: a folder of old ECGs sent today is no course of today.
    """
    current = Prediction.objects.visible_to(actor).filter(recording__patient=patient, job__state=JobState.DONE)
    dated = current.filter(recording__current_job=F("job"), recording__recorded_at__isnull=False)
    return dated.annotate(taken=F("recording__recorded_at")).order_by("-taken")


def recording_url(ref: UUID) -> Any:
    return reverse("classify:recording", args=[ref])
