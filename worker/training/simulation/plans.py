"""What comes next in a simulated rhythm: intervals, labels and P waves, as textbooks describe them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from worker.ecg.annotations import AAMI_CLASSES

N, S, V, F = (AAMI_CLASSES.index(name) for name in "NSVF")

PWave = Literal["sinus", "ectopic", "absent"]
RhythmName = Literal["events", "atrial_runs", "fibrillation", "block"]
RHYTHMS: Final[tuple[RhythmName, ...]] = ("events", "atrial_runs", "fibrillation", "block")
RHYTHM_SHARES: Final = (0.48, 0.22, 0.18, 0.12)
WANDERING_SHARE: Final = 0.15  # patients whose P wave changes without an early beat
PERSISTENT_SHARE: Final = 0.5  # of those with fibrillation: it does not end


@dataclass(frozen=True, slots=True)
class Planned:
    """A beat to come: its interval as a fraction of the sinus interval, its label, its P wave.

    ``blocked``: halfway through the interval the atria beat and the ventricles do not answer.
    ``fibrillating``: throughout the interval the atria have waves of their own.
    """

    fraction: float
    label: int
    p_wave: PWave = "sinus"
    blocked: bool = False
    fibrillating: bool = False


Event = Callable[[np.random.Generator], list[Planned]]


def plan(rhythm: RhythmName, rng: np.random.Generator) -> Iterator[Planned]:
    """Beats without end."""
    if rhythm == "fibrillation":
        return _fibrillation(rng)
    if rhythm == "block":
        return _atrioventricular_block(rng)
    return _sinus_with_events(rng, runs_mainly=rhythm == "atrial_runs")


def _sinus_with_events(rng: np.random.Generator, *, runs_mainly: bool) -> Iterator[Planned]:
    shares = np.array(_RUN_SHARES) if runs_mainly else rng.dirichlet(np.full(len(EVENTS), 0.5))
    sinus_beats = rng.integers(2, 8) if runs_mainly else rng.integers(4, 40)
    breath, depth = rng.uniform(3, 7), rng.uniform(0.0, 0.14)
    wandering = rng.random() < WANDERING_SHARE
    phase = 0
    while True:
        for _ in range(rng.integers(1, sinus_beats)):
            phase += 1
            interval = 1 + depth * np.sin(2 * np.pi * phase / breath) + rng.normal(0, 0.015)
            yield Planned(interval, N, "ectopic" if wandering and rng.random() < 0.2 else "sinus")
        yield from EVENTS[rng.choice(len(EVENTS), p=shares)](rng)


def _premature_beat(rng: np.random.Generator) -> list[Planned]:
    return [_early(rng.uniform(0.50, 0.84)), Planned(rng.uniform(1.0, 1.5), N)]


def _couplet(rng: np.random.Generator) -> list[Planned]:
    return [*(_early(rng.uniform(0.50, 0.80)) for _ in range(2)), Planned(rng.uniform(1.0, 1.6), N)]


def _bigeminy(rng: np.random.Generator) -> list[Planned]:
    return _repeated(rng, normal_between=1, times=int(rng.integers(3, 12)))


def _trigeminy(rng: np.random.Generator) -> list[Planned]:
    return _repeated(rng, normal_between=2, times=int(rng.integers(3, 8)))


def _repeated(rng: np.random.Generator, *, normal_between: int, times: int) -> list[Planned]:
    early, late = rng.uniform(0.50, 0.80), rng.uniform(1.0, 1.5)
    beats = []
    for _ in range(times):
        beats += [_early(early * rng.normal(1, 0.02)), Planned(late * rng.normal(1, 0.02), N)]
        beats += [Planned(rng.normal(1, 0.02), N) for _ in range(normal_between - 1)]
    return beats


def _atrial_run(rng: np.random.Generator) -> list[Planned]:
    interval = rng.uniform(0.35, 0.80)
    length = int(np.exp(rng.uniform(np.log(3), np.log(60))))
    return [*(_early(interval * rng.normal(1, 0.02)) for _ in range(length)), _after_pause(rng.uniform(1.0, 2.6), rng)]


def sinus_pause(rng: np.random.Generator) -> list[Planned]:
    """Hardly above twice the interval.

    In DS1, but for 201 and 203, 8 of 38,649 N after N come later than 2.15 times the median of the five intervals
    before, and 2 of 375 N after S.
    """
    return [_after_pause(rng.uniform(1.3, 2.15), rng)]


def _blocked_premature_beat(rng: np.random.Generator) -> list[Planned]:
    """The atria beat early and the ventricles do not answer: a pause after which nothing is early."""
    return [Planned(rng.uniform(1.15, 1.7), N, blocked=True)]


def _ventricular_beats(rng: np.random.Generator) -> list[Planned]:
    """Mostly single; at times a couplet or a short run."""
    length = rng.choice((1, 2, 3, 5), p=(0.75, 0.15, 0.06, 0.04))
    interval = rng.uniform(0.4, 0.95)
    beats = [Planned(interval * rng.normal(1, 0.04), V) for _ in range(length)]
    return [*beats, Planned(rng.uniform(0.9, 1.6), N)]


def _ventricular_bigeminy(rng: np.random.Generator) -> list[Planned]:
    early, late = rng.uniform(0.5, 0.9), rng.uniform(0.95, 1.5)
    pair = (early, V), (late, N)
    return [Planned(f * rng.normal(1, 0.02), label) for _ in range(rng.integers(3, 10)) for f, label in pair]


def _fusion_beats(rng: np.random.Generator) -> list[Planned]:
    """A ventricular focus that fires when the sinus beat is due."""
    beats = [Planned(rng.normal(0.97, 0.03), F) for _ in range(rng.integers(1, 6))]
    return [*beats, Planned(rng.uniform(0.97, 1.1), N)]


def _early(fraction: float) -> Planned:
    return Planned(fraction, S, "ectopic")


def _after_pause(fraction: float, rng: np.random.Generator) -> Planned:
    """The sinus node again, or a junctional escape beat without its P wave: both are N."""
    return Planned(fraction, N, "sinus" if rng.random() < 0.55 else "absent")


EVENTS: Final[tuple[Event, ...]] = (
    _premature_beat,
    _couplet,
    _bigeminy,
    _trigeminy,
    _atrial_run,
    sinus_pause,
    _blocked_premature_beat,
    _ventricular_beats,
    _ventricular_bigeminy,
    _fusion_beats,
)
_RUN_SHARES: Final = (0.12, 0.0, 0.0, 0.0, 0.70, 0.12, 0.06, 0.0, 0.0, 0.0)


def _fibrillation(rng: np.random.Generator) -> Iterator[Planned]:
    """From end to end, or in episodes between sinus rhythm that an early beat may begin."""
    spread = rng.uniform(0.10, 0.34)
    if rng.random() < PERSISTENT_SHARE:
        while True:
            yield from _fibrillating(1.0, spread, rng)
    usual, sinus_beats = rng.uniform(0.6, 1.05), rng.integers(10, 60)
    while True:
        yield from (Planned(rng.normal(1, 0.02), N) for _ in range(rng.integers(5, sinus_beats)))
        if rng.random() < 0.5:
            yield _early(rng.uniform(0.50, 0.80))
        for _ in range(rng.integers(8, 120)):
            yield from _fibrillating(usual, spread, rng)
        yield Planned(rng.uniform(1.0, 2.0), N)


def _fibrillating(usual: float, spread: float, rng: np.random.Generator) -> Iterator[Planned]:
    """Irregularly irregular, without P waves; a wide beat now and then."""
    yield Planned(usual * float(rng.lognormal(0, spread)), N, "absent", fibrillating=True)
    if rng.random() < 0.02:
        yield Planned(usual * rng.uniform(0.45, 1.0), V, "absent", fibrillating=True)


def _atrioventricular_block(rng: np.random.Generator) -> Iterator[Planned]:
    """Long intervals with a P wave that is not conducted: none of the shorter ones is early.

    Two to one in episodes; single dropped beats (Mobitz II); growing delay before the dropped one (Wenckebach).
    """
    kind = rng.integers(3)
    while True:
        if kind == 0:
            yield from (_dropped(2.0, rng) for _ in range(rng.integers(1, 12)))
            yield from (_conducted(1.0, rng) for _ in range(rng.integers(1, 10)))
        elif kind == 1:
            yield from (_conducted(1.0, rng) for _ in range(rng.integers(2, 7)))
            yield _dropped(2.0, rng)
        else:
            delay = rng.uniform(0.03, 0.12)
            yield from (_conducted(1 + delay * 0.6**n, rng) for n in range(rng.integers(2, 6)))
            yield _dropped(2 - delay * rng.uniform(1, 2.5), rng)


def _conducted(fraction: float, rng: np.random.Generator) -> Planned:
    return Planned(fraction * rng.normal(1, 0.012), N)


def _dropped(fraction: float, rng: np.random.Generator) -> Planned:
    return Planned(fraction * rng.normal(1, 0.012), N, blocked=True)
