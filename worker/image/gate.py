"""Is it an ECG that may be answered?  Every picture that may not leaves here with its reason.

The numbers separate drawn MIT-BIH and LUDB strips and beats from charts, text, photographs and noise with room
on both sides; what lies between goes to a person, since a wrong answer costs more than none.
"""

from typing import Final, Literal

import numpy as np

from worker.ecg.evidence import (
    Waves,
    deflection_near,
    height_mismatch,
    inner_slope_focus,
    likeness,
    rhythm_spread,
    share_at_rest,
    share_at_two_levels,
    slope_focus,
    span_between,
    steep_on_both_sides,
    strongest_waves,
)
from worker.ecg.r_peaks import complete_complexes, detect_r_peaks, estimated_fs
from worker.errors import EcgError
from worker.image.grid import Grid
from worker.image.ink import WorkCopy, darkness_against_paper, inverted, lightest_channel
from worker.image.layout import MIN_INK_LEVEL, Sketch, ink_level, rows_of, sketches
from worker.image.reading import LeadReading, Reading
from worker.image.trace import Trace
from worker.image.traced import tracing_of

DARK_GROUND: Final = 110  # of 255, median
LIGHTER: Final = 1.2
LEAST_BRIGHTER: Final = 60  # of 255: paper that is hardly lit has lighter places, too
MIN_SCORE: Final = 0.42
MIN_COVERAGE: Final = 0.55
MAX_GAP: Final = 0.12
MAX_STRAY: Final = 0.15
MAX_LABEL: Final = 0.32
MAX_SECOND_ROW: Final = 0.30
MAX_FLATNESS: Final = 0.18  # stroke against height
MAX_SOFTNESS: Final = 0.16
NEAR_SCORE: Final = 0.08
WHOLE_HEIGHT: Final = 2.5

# Pulses, needles and peaks have nothing between them; a heart has P and T waves.
MAX_TWO_LEVELS: Final = 0.85
MIN_BETWEEN: Final = 0.04
NEARLY_TWO_LEVELS: Final = 0.90
NEARLY_BETWEEN: Final = 0.02

STRIP_REST: Final = 0.58
STRIP_FOCUS: Final = 0.66
STRIP_LIKENESS: Final = 0.85
NAMED_FOCUS: Final = 0.85  # 0.92 and 0.93 of a heart in flutter; sines have less
# Beats so alike, and so much rest between them, that less steepness is enough.
CALM_REST: Final = 0.75
CALM_FOCUS: Final = 0.55
CALM_LIKENESS: Final = 0.92
NEARLY_REST: Final = 0.55
NEARLY_FOCUS: Final = 0.75
NEARLY_LIKENESS: Final = 0.70
# Either alone, or half of each, is more than the beats of one heart differ: no noisy strip of the tuning half of DS1
# does (489 strips), while three fifths of the spectra, nerve spikes, volumes and spires do that passed all else.
MAX_HEIGHT_MISMATCH: Final = 0.30
MAX_RHYTHM_SPREAD: Final = 1.5
POSSIBLE_BPM: Final = (20.0, 300.0)
BEAT_REST: Final = 0.66
BEAT_FOCUS: Final = 0.68
BEAT_REACH: Final = 2.0  # widths either side
BEAT_HEIGHT: Final = 0.40  # of all the trace moves through
BEAT_MIN_SPAN: Final = 5.0  # the trace against the half-height width of its largest wave
BEAT_MAX_SPAN: Final = 110.0

STRIP_THIRD: Final = 0.40  # strength of the third strongest complex
BEAT_THIRD: Final = 0.30
SECOND_BEAT: Final = 0.55
ONE_COMPLEX: Final = 0.20  # of the trace's length, between two steep waves of one beat

_STEEP_BOTH: Final = 0.13  # of 462 leads of drawn sheets none was under 0.27, decays that repeat have 0.06
_STEEP_S: Final = 0.12
_HIGHEST_TICKS_MM: Final = 2.5
_TICKS_STILL_MM: Final = 0.15
_TICKS_STILL: Final = 0.75  # of a frame with ticks it is 0.82; low and calm drawn leads, 4 mm high, have up to 0.69

_ENDS_S: Final = 0.15
_BEATS_TO_TELL: Final = 3
_BEATS_OF_A_COLUMN: Final = 2
_BEATS_OF_A_ROW: Final = 5
_ROW_QUALITY: Final = 90
_COLUMNS_TO_TELL: Final = 8
_MOST_OF_THE_COLUMNS: Final = 0.75  # 40 of 41 drawn sheets of four columns reached it
_ROWS_TO_TELL: Final = 3
_ROWS_THAT_BEAT: Final = 2
_MOST_OF_THEM: Final = 0.6

Kind = Literal["beat", "strip"]


def check_polarity(copy: WorkCopy) -> None:
    """Refuse blank pictures; send light traces on dark ground to a person."""
    if ground_is_dark(copy):
        raise _dark_picture(copy)
    darkness = copy.dark_in_darkest
    strongest = float(np.quantile(darkness, 0.9995))
    if max(ink_level(darkness), 0.5 * strongest) < MIN_INK_LEVEL:
        raise EcgError("blank_picture", "no ink stands out from the paper")


def ground_is_dark(copy: WorkCopy) -> bool:
    """Whether light lines stand out from dark ground, as on a monitor; what is black on near black is noise."""
    light = lightest_channel(copy.rgb)
    ground = float(np.median(light))
    if ground >= DARK_GROUND:
        return False
    brighter = (255 - ground) * ink_level(darkness_against_paper(255 - light))
    return brighter >= LEAST_BRIGHTER and brighter > LIGHTER * ground * ink_level(copy.dark_in_darkest)


def nothing_readable(copy: WorkCopy, grid: Grid) -> EcgError:
    if grid.is_ecg_paper:
        return EcgError("trace_unclear", "ECG paper, but no trace stands out")
    return EcgError("not_an_ecg", "no trace crosses the picture")


def check_whole(sketch: Sketch, others: list[Sketch]) -> None:
    """Send a trace to a person whose faint upstrokes the best reading leaves out: another one moves much farther."""
    for other in others:
        near = other.score > sketch.score - NEAR_SCORE and other.height > WHOLE_HEIGHT * sketch.height
        if near and _behaves(other.trace):
            raise EcgError("trace_unclear", "two readings of unlike height explain the ink")


def check_one_trace(copy: WorkCopy, sketch: Sketch, grid: Grid) -> None:
    """End pictures of several rows, of text, of areas and of anything else that one clean trace does not explain."""
    second_row = sketch.second_row()
    if second_row > MAX_SECOND_ROW or sketch.label > MAX_LABEL:
        raise _several_rows(copy, sketch, grid, second_row)
    problems = {
        "coverage": sketch.coverage < MIN_COVERAGE,
        "gaps": sketch.trace.gap_fraction > MAX_GAP,
        "stray ink": sketch.stray > MAX_STRAY,
        "thick": sketch.flatness > MAX_FLATNESS,
        "soft edges": sketch.softness > MAX_SOFTNESS,
        "overlap": sketch.score < MIN_SCORE,
    }
    named = [name for name, is_wrong in problems.items() if is_wrong]
    if named:
        raise _unclear(grid, _behaves(sketch.trace, at_most=2 * MAX_FLATNESS), ", ".join(named))


def kind_of(values: np.ndarray, sketch: Sketch, grid: Grid) -> tuple[Kind, np.ndarray]:
    """One beat or a strip, and its R peaks as sample indices; shape of ``values`` (n,), positive up."""
    waves = strongest_waves(values)
    scale = estimated_fs(values)
    found = detect_r_peaks(values, None)
    complete = complete_complexes(values, found, scale)
    levels, between = share_at_two_levels(values), span_between(values, found, 0.1 * scale)
    if levels > MAX_TWO_LEVELS or between < MIN_BETWEEN:
        nearly = levels <= NEARLY_TWO_LEVELS and between >= NEARLY_BETWEEN
        raise _unclear(grid, nearly, f"at two levels {levels:.2f}, between the steep waves {between:.2f}")
    if _is_one_beat(waves, likeness(values, complete), len(complete)):
        return "beat", _one_beat(values, waves, grid)
    _check_strip(values, found, complete, scale, grid)
    return "strip", complete


def check_rate(r_peaks: np.ndarray, grid: Grid, speed_mm_s: float) -> None:
    """Send a strip to a person whose paper says a rate that no heart has."""
    if len(r_peaks) < 2 or not grid.is_ecg_paper or grid.x is None or grid.x.px_per_mm is None:
        return
    bpm = 60.0 * grid.x.px_per_mm * speed_mm_s / float(np.median(np.diff(r_peaks)))
    if not POSSIBLE_BPM[0] <= bpm <= POSSIBLE_BPM[1]:
        raise EcgError("trace_unclear", f"rate: expected {POSSIBLE_BPM} bpm. Received: {bpm:.0f}", kind="strip")


def check_sheet_beats(reading: Reading) -> None:
    """Send curves to a person that do not behave like a heart's: none of those long enough to tell does."""
    told = [lead for lead in reading.answered if len(lead.r_peaks) >= _BEATS_TO_TELL]
    if told and not reading.is_named and all(_is_line_with_ticks(lead) for lead in told):
        raise EcgError("trace_unclear", "a line with ticks", kind=reading.kind, found=tracing_of(reading))
    if told and not any(beats_like_a_heart(lead, reading.is_named_throughout) for lead in told):
        detail = f"none of {len(told)} leads behaves like a heart's"
        raise EcgError("trace_unclear", detail, kind=reading.kind, found=tracing_of(reading))
    if not told and not reading.is_named and not columns_beat_alike(reading):
        raise EcgError("trace_unclear", "too few beats to tell", kind=reading.kind, found=tracing_of(reading))


def beats_like_a_heart(lead: LeadReading, is_named: bool) -> bool | None:
    """Whether a lead's beats behave like a heart's, None where they are too few to tell.

    ``is_named`` says whether all leads of the sheet have printed names.
    """
    return None if len(lead.r_peaks) < _BEATS_TO_TELL else _beats_behave(lead, is_named)


def _is_line_with_ticks(lead: LeadReading) -> bool:
    """Whether a row of a sheet, in mm, is low and mostly dead straight: the frame of a plot, or a ruler."""
    low, high = np.quantile(lead.values, [0.01, 0.99])
    still = np.abs(lead.values - np.median(lead.values)) < _TICKS_STILL_MM
    return bool(high - low < _HIGHEST_TICKS_MM and still.mean() >= _TICKS_STILL)


def rows_beat_alike(reading: Reading) -> bool:
    """Whether three rows or more of curves behave like one heart's: charts do not, whatever is written beside them."""
    told = [lead for lead in reading.leads if len(lead.r_peaks) >= _BEATS_TO_TELL]
    behaving = [lead for lead in told if _beats_behave(lead, is_named=False)]
    return len({lead.row for lead in behaving}) >= _ROWS_TO_TELL and len(behaving) >= _MOST_OF_THEM * len(told)


def one_row_beats(reading: Reading) -> bool:
    """Whether the one curve of a page is read well and behaves like a heart's: what else is printed there are words."""
    if len(reading.leads) != 1:
        return False
    (lead,) = reading.leads
    enough = lead.quality >= _ROW_QUALITY and len(lead.r_peaks) >= _BEATS_OF_A_ROW
    return enough and _beats_behave(lead, is_named=False)


def columns_beat_alike(reading: Reading) -> bool:
    """Whether short leads with two beats each behave like one heart's: one tells little, many beside each other do."""
    pairs = [lead for lead in reading.leads if len(lead.r_peaks) >= _BEATS_OF_A_COLUMN]
    behaving = sum(_beats_behave(lead, is_named=False) for lead in pairs)
    is_sheet = len({lead.row for lead in pairs}) >= _ROWS_TO_TELL and len(pairs) >= _COLUMNS_TO_TELL
    return is_sheet and behaving >= _MOST_OF_THE_COLUMNS * len(pairs)


def rows_may_beat(copy: WorkCopy) -> bool:
    """Whether there are rows that lie or stand one beside the other, and two of them have an ECG's rhythm."""
    lying = copy.dark_in_lightest
    both = (rows_of(darkness) for darkness in (lying, np.ascontiguousarray(np.rot90(lying))))
    return any(len(rows) >= _ROWS_TO_TELL and sum(map(_behaves, rows)) >= _ROWS_THAT_BEAT for rows in both)


def _beats_behave(lead: LeadReading, is_named: bool) -> bool:
    """Whether beats repeat, steep among calmer waves; of those with printed names either is enough, rest or steepness.

    Flutter has no rest; a thin trace is read with a tremor that hides how steep its beats are.
    """
    assert lead.fs is not None
    edge = round(_ENDS_S * lead.fs)  # separators and paper's edges are steep
    values = lead.values[edge : lead.values.size - edge]
    r_peaks = lead.r_peaks - edge
    r_peaks = r_peaks[(r_peaks >= 0) & (r_peaks < values.size)]
    heights, rhythm = height_mismatch(values, r_peaks), rhythm_spread(r_peaks)
    levels, between = share_at_two_levels(values), span_between(values, r_peaks, 0.1 * lead.fs)
    repeats = heights / MAX_HEIGHT_MISMATCH + rhythm / MAX_RHYTHM_SPREAD <= 1
    if not repeats or levels > MAX_TWO_LEVELS or between < MIN_BETWEEN:
        return False
    if not is_named and steep_on_both_sides(values, r_peaks, _STEEP_S * lead.fs) < _STEEP_BOTH:
        return False
    focus, alike = slope_focus(values, r_peaks, 0.08 * lead.fs), likeness(values, r_peaks)
    rest = share_at_rest(values)
    if is_named and alike >= STRIP_LIKENESS and (focus >= NAMED_FOCUS or rest >= CALM_REST):
        return True
    return _is_clear_or_calm(rest, focus, alike, len(r_peaks))


def _is_clear_or_calm(rest: float, focus: float, alike: float, beats: int) -> bool:
    clear = rest >= STRIP_REST and focus >= STRIP_FOCUS and alike >= STRIP_LIKENESS
    return clear or (rest >= CALM_REST and focus >= CALM_FOCUS and alike >= CALM_LIKENESS and beats >= _BEATS_TO_TELL)


def _is_one_beat(waves: Waves, alike: float, beats: int) -> bool:
    if waves.third >= STRIP_THIRD or (waves.third >= BEAT_THIRD and beats >= 3 and alike >= STRIP_LIKENESS):
        return False
    return waves.second < SECOND_BEAT or waves.apart < ONE_COMPLEX


def _one_beat(values: np.ndarray, waves: Waves, grid: Grid) -> np.ndarray:
    span = len(values) / waves.width
    rest = share_at_rest(values)
    detail = f"one wave, at rest {rest:.2f}, span {span:.1f}"
    if waves.at is None:
        raise _unclear(grid, False, "no steep wave inside the picture")
    peak = deflection_near(values, waves.at, 0.15)
    if not 0.5 * waves.width < peak < len(values) - 1 - 0.5 * waves.width:
        raise _unclear(grid, False, "the wave is cut by the picture's edge", kind="beat")
    if rest < BEAT_REST or span > BEAT_MAX_SPAN or span < BEAT_MIN_SPAN:
        nearly = rest >= NEARLY_REST and span >= 0.8 * BEAT_MIN_SPAN
        raise _unclear(grid, nearly, detail, kind="beat")
    focus = inner_slope_focus(values, peak, BEAT_REACH * waves.width)
    height = abs(values[peak] - np.median(values)) / np.ptp(values)
    if focus < BEAT_FOCUS or height < BEAT_HEIGHT:
        raise _unclear(grid, focus > 0.8 * BEAT_FOCUS, f"focus {focus:.2f}, height {height:.2f}", kind="beat")
    return np.array([peak])


def _check_strip(values: np.ndarray, found: np.ndarray, complete: np.ndarray, scale: float, grid: Grid) -> None:
    rest, alike = share_at_rest(values), likeness(values, complete)
    focus = slope_focus(values, found, 0.08 * scale)
    detail = f"at rest {rest:.2f}, focus {focus:.2f}, likeness {alike:.2f}, {len(complete)} beats"
    if len(complete) == 0:
        raise EcgError("no_beats_found", detail, kind="strip") if grid.is_ecg_paper else EcgError("not_an_ecg", detail)
    if _is_clear_or_calm(rest, focus, alike, len(complete)):
        return _check_repetition(values, complete)
    nearly = rest >= NEARLY_REST and focus >= NEARLY_FOCUS and alike >= NEARLY_LIKENESS
    raise _unclear(grid, nearly, detail, kind="strip")


def _check_repetition(values: np.ndarray, complete: np.ndarray) -> None:
    heights, rhythm = height_mismatch(values, complete), rhythm_spread(complete)
    if heights / MAX_HEIGHT_MISMATCH + rhythm / MAX_RHYTHM_SPREAD > 1:
        raise EcgError("trace_unclear", f"heights differ by {heights:.2f}, rhythm by {rhythm:.2f}", kind="strip")


def _unclear(grid: Grid, behaves: bool, detail: str, kind: str | None = None) -> EcgError:
    if grid.is_ecg_paper or behaves:
        return EcgError("trace_unclear", detail, kind=kind)
    return EcgError("not_an_ecg", detail)


def _behaves(trace: Trace, at_most: float = MAX_FLATNESS) -> bool:
    """Whether a curve has an ECG's rhythm: steep alike complexes with rest between them."""
    values = trace.y.max() - trace.y
    if len(values) < 60 or np.ptp(values) < 6:
        return False
    if trace.stroke_px > at_most * np.ptp(values):
        return False
    found = detect_r_peaks(values, None)
    if len(found) < 3 or share_at_rest(values) < STRIP_REST:
        return False
    focus = slope_focus(values, found, 0.08 * estimated_fs(values))
    return focus >= STRIP_FOCUS and likeness(values, found) >= STRIP_LIKENESS


def _several_rows(copy: WorkCopy, sketch: Sketch, grid: Grid, second_row: float) -> EcgError:
    detail = f"second row {second_row:.2f}, small pieces {sketch.label:.2f}"
    rows = rows_of(copy.dark_in_lightest)
    beating = sum(_behaves(row) for row in rows)
    if second_row > MAX_SECOND_ROW and (beating >= 2 or grid.is_ecg_paper or grid.is_squared):
        return EcgError("several_leads", detail, kind="sheet")
    return _unclear(grid, False, detail)


def _dark_picture(copy: WorkCopy) -> EcgError:
    darkness = inverted(copy).dark_in_darkest
    rows = rows_of(darkness)
    if any(_behaves(row) for row in rows) or any(_is_thin(sketch) for sketch in sketches(darkness)):
        return EcgError("dark_background", "a light trace on dark ground", kind="screen")
    return EcgError("not_an_ecg", "a dark picture without a trace")


def _is_thin(sketch: Sketch) -> bool:
    return sketch.coverage > 0.8 and sketch.score > 0.6 and sketch.flatness < 0.15 and _behaves(sketch.trace)
