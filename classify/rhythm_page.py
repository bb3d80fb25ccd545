"""The rhythm of a recording in words and units, row by row."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.template.defaultfilters import floatformat
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from worker.ecg.ectopy import Ectopy, Episode
from worker.ecg.intervals import IntervalMeasures
from worker.ecg.rhythm import RhythmMeasures

REASONS: Final = {
    "not_enough_beats": gettext_lazy("Not enough beats"),
    "no_time_scale": gettext_lazy("No time scale"),
    "several_leads": gettext_lazy("Not told: the beats come from several leads, one after the other"),
}
EPISODE_WORDS: Final = {
    ("couplet", "V"): gettext_lazy("Ventricular couplet"),
    ("couplet", "S"): gettext_lazy("Supraventricular couplet"),
    ("run", "V"): gettext_lazy("Ventricular run of %(beats)d beats"),
    ("run", "S"): gettext_lazy("Supraventricular run of %(beats)d beats"),
    ("bigeminy", "V"): gettext_lazy("Ventricular bigeminy over %(beats)d beats"),
    ("bigeminy", "S"): gettext_lazy("Supraventricular bigeminy over %(beats)d beats"),
    ("trigeminy", "V"): gettext_lazy("Ventricular trigeminy over %(beats)d beats"),
    ("trigeminy", "S"): gettext_lazy("Supraventricular trigeminy over %(beats)d beats"),
}
# Of the RMSSD by the mean interval: above 10 % is where Dash et al., Ann Biomed Eng 37(9), 2009, look for more.
LITTLE_PERCENT: Final = 5.0
MARKED_PERCENT: Final = 10.0
# What a difference of two times leaves behind would turn a half down that the templates turn up.
TRUE_DIGITS: Final = 6


@dataclass(frozen=True, slots=True)
class Row:
    term: str | Promise
    lines: tuple[str, ...]
    note: str = ""
    known: bool = True


def rhythm_rows(measures: RhythmMeasures) -> list[Row]:
    """None where there are fewer than two beats: a rhythm takes several."""
    return [*_timed(measures), *_ectopic(measures)] if measures.beats > 1 else []


# --- Intervals --------------------------------------------------------------------------------------------------------
def _timed(measures: RhythmMeasures) -> Iterator[Row]:
    found = measures.intervals
    if found.rate_bpm is None:
        # Across leads the rate is told above: it comes from all of them together.
        term = _("Rate and intervals") if measures.leads == 1 else _("Intervals")
        yield _unknown(term, measures.reasons["rate_bpm"])
        return
    yield Row(_("Ventricular rate"), (_per_minute(found.rate_bpm),), _extremes(found))
    yield Row(
        _("RR interval"),
        (_("mean %(mean)s, median %(median)s") % {"mean": _s(found.rr_mean_s), "median": _s(found.rr_median_s)},),
        _("%(shortest)s to %(longest)s") % {"shortest": _s(found.rr_shortest_s), "longest": _s(found.rr_longest_s)},
    )
    yield Row(_("Longest pause"), (_s(found.rr_longest_s),), _pauses(found))
    yield _variability(found)
    yield _irregularity(found)


def _extremes(found: IntervalMeasures) -> str:
    if found.lowest_rate_bpm is None or found.highest_rate_bpm is None:
        return ""
    rates = {"lowest": _number(found.lowest_rate_bpm), "highest": _per_minute(found.highest_rate_bpm)}
    return _("%(lowest)s to %(highest)s, each over four intervals") % rates


def _pauses(found: IntervalMeasures) -> str:
    if not found.pauses_over_2_s:
        return _("none longer than 2 s")
    over_2 = ngettext("%(n)d longer than 2 s", "%(n)d longer than 2 s", found.pauses_over_2_s)
    over_3 = ngettext("%(n)d longer than 3 s", "%(n)d longer than 3 s", found.pauses_over_3_s or 0)
    return f"{over_2 % {'n': found.pauses_over_2_s}}, {over_3 % {'n': found.pauses_over_3_s}}"


def _variability(found: IntervalMeasures) -> Row:
    term = _("Variability of normal intervals")
    if found.sdnn_ms is None:
        return _unknown(term, found.reasons["sdnn_ms"])
    words = [f"SDNN {_number(found.sdnn_ms)} ms"]
    if found.rmssd_ms is not None and found.pnn50_percent is not None:
        words += [f"RMSSD {_number(found.rmssd_ms)} ms", f"pNN50 {_number(found.pnn50_percent)} %"]
    few = ngettext("over %(n)d interval", "over %(n)d intervals", found.nn_intervals) % {"n": found.nn_intervals}
    return Row(term, (" · ".join(words),), _("%(over)s; not comparable with five minutes") % {"over": few})


def _irregularity(found: IntervalMeasures) -> Row:
    term = _("Irregularity")
    if found.rr_cv_percent is None:
        return _unknown(term, found.reasons["rr_cv_percent"])
    lines = [_("RR intervals vary by %(share)s %%") % {"share": _number(found.rr_cv_percent)}]
    if found.nn_rmssd_percent is not None:
        share = {"share": _number(found.nn_rmssd_percent), "much": _how_much(found.nn_rmssd_percent)}
        lines.append(_("from one normal interval to the next by %(share)s %%: %(much)s") % share)
    return Row(term, tuple(lines), _("a number, not a diagnosis"))


def _how_much(percent: float) -> str:
    if percent < LITTLE_PERCENT:
        return _("little")
    return _("some") if percent <= MARKED_PERCENT else _("much")


# --- Ectopic beats ----------------------------------------------------------------------------------------------------
def _ectopic(measures: RhythmMeasures) -> Iterator[Row]:
    ventricular, supraventricular = measures.ventricular, measures.supraventricular
    yield _burden(_("Ventricular ectopic beats"), ventricular, measures.beats)
    yield _burden(_("Supraventricular ectopic beats"), supraventricular, measures.beats)
    yield _episodes(_("Couplets and runs"), ("couplet", "run"), measures, "runs")
    yield _episodes(_("Bigeminy and trigeminy"), ("bigeminy", "trigeminy"), measures, "bigeminy")


def _burden(term: str, ectopy: Ectopy, all_beats: int) -> Row:
    if not ectopy.beats:
        return Row(term, (_("None"),))
    words = _("%(n)d of %(all)d beats") % {"n": ectopy.beats, "all": all_beats}
    if ectopy.burden_percent is not None:
        words = _("%(words)s, %(share)s %%") % {"words": words, "share": _number(ectopy.burden_percent, 1)}
    unsure = ngettext("%(n)d of them unsure", "%(n)d of them unsure", ectopy.unsure) % {"n": ectopy.unsure}
    return Row(term, (words,), unsure if ectopy.unsure else "")


def _episodes(term: str, kinds: tuple[str, ...], measures: RhythmMeasures, least: str) -> Row:
    if least in measures.reasons:
        return _unknown(term, measures.reasons[least])
    both = (*measures.ventricular.episodes, *measures.supraventricular.episodes)
    found = sorted((episode for episode in both if episode.kind in kinds), key=lambda episode: episode.first)
    return Row(term, tuple(_episode(episode) for episode in found) or (_("None"),), _doubts(found, kinds, measures))


def _doubts(found: list[Episode], kinds: tuple[str, ...], measures: RhythmMeasures) -> str:
    unsure = sum(episode.unsure > 0 for episode in found)
    if unsure:
        return ngettext("%(n)d rests on an unsure beat", "%(n)d rest on an unsure beat", unsure) % {"n": unsure}
    few = "trigeminy" in kinds and "trigeminy" in measures.reasons
    return _("not enough beats for trigeminy") if few else ""


def _episode(episode: Episode) -> str:
    words = str(EPISODE_WORDS[episode.kind, episode.aami_class]) % {"beats": episode.beats}
    words = _("%(words)s from beat %(first)d") % {"words": words, "first": episode.first + 1}
    if episode.rate_bpm is not None and episode.kind == "run":
        words = _("%(words)s, at %(rate)s") % {"words": words, "rate": _per_minute(episode.rate_bpm)}
        words += ", " + (_("above 100 /min") if episode.over_100_bpm else _("not above 100 /min"))
    if episode.cut:
        words += ", " + _("cut by the edge of the trace")
    return words


# --- Words ------------------------------------------------------------------------------------------------------------
def _unknown(term: str, reason: str) -> Row:
    return Row(term, (str(REASONS[reason]),), known=False)


def _number(value: float, digits: int = 0) -> str:
    return floatformat(round(value, TRUE_DIGITS), digits)


def _per_minute(value: float) -> str:
    return _("%(number)s /min") % {"number": _number(value)}


def _s(value: float | None) -> str:
    return "–" if value is None else f"{_number(value, 2)} s"
