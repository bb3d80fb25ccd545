"""Whether what a model sees and says still is like its reference: class mix, confidence and unsure rate, week by week.

The distance of two class mixes is the population stability index, sum of (p - q) * ln(p / q) over the classes; under
0.1 is usually read as little change and over 0.25 as a large one (Siddiqi, Credit Risk Scorecards, 2006, ch. 6).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.utils.translation import gettext as _

from classify.registry.figures import number
from portal.pages.aami import AAMI_CLASS_OF_LETTER

LETTERS: Final = tuple(AAMI_CLASS_OF_LETTER)
SOME_CHANGE, LARGE_CHANGE = 0.1, 0.25
# Chance alone gives an index of about (classes - 1) / beats: 0.04 with so few.
MIN_BEATS: Final = 100
REFERENCE_WEEKS: Final = 4
LESS_CONFIDENT: Final = 0.05
MORE_UNSURE: Final = 0.10
ONE_WEEK: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Answers:
    """What a model said in some time: beats by class, how many it was unsure of, and the sum of its confidences."""

    counts: Mapping[str, int]
    unsure: int
    confidence_sum: float
    recordings: int = 0

    @property
    def beats(self) -> int:
        return sum(self.counts.values())

    @property
    def mix(self) -> dict[str, float]:
        return {letter: self.counts.get(letter, 0) / self.beats if self.beats else 0.0 for letter in LETTERS}

    @property
    def unsure_rate(self) -> float:
        return self.unsure / self.beats if self.beats else 0.0

    @property
    def mean_confidence(self) -> float:
        return self.confidence_sum / self.beats if self.beats else 0.0


@dataclass(frozen=True, slots=True)
class Reference:
    """What the weeks are held against, and where it comes from: the manifest, or the first weeks in this hospital."""

    mix: Mapping[str, float]
    mean_confidence: float
    unsure_rate: float
    beats: int
    weeks: tuple[date, ...] = ()

    @property
    def is_of_manifest(self) -> bool:
        return not self.weeks


@dataclass(frozen=True, slots=True)
class Verdict:
    """``level`` is one of reference, open, few, same, some, large; ``sentence`` says it in words."""

    level: str
    sentence: str
    index: float | None = None


@dataclass(frozen=True, slots=True)
class Week:
    monday: date
    answers: Answers
    verdict: Verdict

    @property
    def mix_rows(self) -> list[tuple[str, float]]:
        return list(self.answers.mix.items())


def stability_index(mix: Mapping[str, float], reference: Mapping[str, float], *, beats: int) -> float:
    """Population stability index of two class mixes; a class that was not seen counts as half a beat."""
    return sum(_parts(mix, reference, beats).values())


def _parts(mix: Mapping[str, float], reference: Mapping[str, float], beats: int) -> dict[str, float]:
    """What each class adds to the index; never negative."""
    least = 0.5 / max(beats, 1)
    pairs = {one: (max(mix.get(one, 0.0), least), max(reference.get(one, 0.0), least)) for one in LETTERS}
    return {letter: (p - q) * math.log(p / q) for letter, (p, q) in pairs.items()}


def reference_of(manifest: Mapping[str, Any], weeks: Mapping[date, Answers], *, today: date) -> Reference | None:
    """The manifest's own reference, else the first four full weeks with enough beats; None while neither is there."""
    own = manifest.get("metrics", {}).get("reference")
    if isinstance(own, Mapping) and isinstance(own.get("class_mix"), Mapping):
        mix = {letter: number(own, "class_mix", letter) or 0.0 for letter in LETTERS}
        confidence, unsure = number(own, "mean_confidence"), number(own, "unsure_rate")
        if confidence is not None and unsure is not None and sum(mix.values()) > 0:
            return Reference(mix, confidence, unsure, beats=int(number(own, "beats") or 0))
    full = [monday for monday in sorted(weeks) if is_full(monday, today) and weeks[monday].beats >= MIN_BEATS]
    if len(full) < REFERENCE_WEEKS:
        return None
    first = tuple(full[:REFERENCE_WEEKS])
    together = add_up([weeks[monday] for monday in first])
    return Reference(together.mix, together.mean_confidence, together.unsure_rate, together.beats, first)


def add_up(parts: Sequence[Answers]) -> Answers:
    return Answers(
        counts={letter: sum(part.counts.get(letter, 0) for part in parts) for letter in LETTERS},
        unsure=sum(part.unsure for part in parts),
        confidence_sum=sum(part.confidence_sum for part in parts),
        recordings=sum(part.recordings for part in parts),
    )


def is_full(monday: date, today: date) -> bool:
    return monday + ONE_WEEK <= today


def weeks_judged(weeks: Mapping[date, Answers], reference: Reference | None, *, today: date) -> list[Week]:
    """The newest first."""
    return [
        Week(monday, weeks[monday], verdict_of(monday, weeks[monday], reference, today=today))
        for monday in sorted(weeks, reverse=True)
    ]


def verdict_of(monday: date, answers: Answers, reference: Reference | None, *, today: date) -> Verdict:
    if reference is None:
        return Verdict("open", _("There is no reference yet."))
    if monday in reference.weeks:
        return Verdict("reference", _("Part of the reference."))
    if answers.beats < MIN_BEATS:
        return Verdict("few", _("Too few beats to say (under %(least)d).") % {"least": MIN_BEATS})
    index = stability_index(answers.mix, reference.mix, beats=answers.beats)
    remarks = [*_mix_remark(answers, reference, index), *_confidence_remarks(answers, reference)]
    large = index >= LARGE_CHANGE
    if not remarks:
        return Verdict("same", _("Like the reference."), index)
    opening = _("Very different from the reference:") if large else _("Somewhat different from the reference:")
    return Verdict("large" if large else "some", f"{opening} {'; '.join(remarks)}.", index)


def _mix_remark(answers: Answers, reference: Reference, index: float) -> list[str]:
    if index < SOME_CHANGE:
        return []
    parts = _parts(answers.mix, reference.mix, answers.beats)
    letter = max(LETTERS, key=lambda one: parts[one])
    new, old = answers.mix[letter], reference.mix.get(letter, 0.0)
    words = _("more %(class)s") if new > old else _("fewer %(class)s")
    return [f"{words % {'class': letter}} ({_percent(new)}, {_('before')} {_percent(old)})"]


def _confidence_remarks(answers: Answers, reference: Reference) -> list[str]:
    remarks = []
    if answers.unsure_rate - reference.unsure_rate >= MORE_UNSURE:
        words = {"new": _percent(answers.unsure_rate), "old": _percent(reference.unsure_rate)}
        remarks.append(_("more beats unsure (%(new)s, before %(old)s)") % words)
    if reference.mean_confidence - answers.mean_confidence >= LESS_CONFIDENT:
        words = {"new": f"{answers.mean_confidence:.2f}", "old": f"{reference.mean_confidence:.2f}"}
        remarks.append(_("less confident (%(new)s, before %(old)s)") % words)
    return remarks


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %" if share == 0 or share >= 0.1 else f"{100 * share:.1f} %"
