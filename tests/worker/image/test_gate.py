"""What is no ECG is refused; what is hard goes to a person; neither is ever answered."""

import numpy as np
import pytest

from tests.worker import drawings, others
from tests.worker.image.sheet.pages import leads_of_a_heart
from worker.ecg.leads import STANDARD_LEADS
from worker.errors import EcgError, Outcome
from worker.generator.layouts import rows_layout
from worker.generator.sheet_picture import sheet_picture
from worker.generator.sheet_style import SheetStyle
from worker.image.decode import Picture, decode_picture
from worker.image.gate import check_sheet_beats
from worker.image.read import read_picture
from worker.image.reading import LeadReading, Reading
from worker.image.told import Told
from worker.training.pictures.demo_pictures import crop_drawn
from worker.training.pictures.outliers.curves import diffraction, nerve_spikes

REFUSED = {"not_an_ecg", "blank_picture"}
TRIES = 3


@pytest.mark.parametrize("make", others.NOT_ECG, ids=lambda make: make.__name__)
def test_what_is_no_ecg_is_refused(make):
    for seed in range(TRIES):
        with pytest.raises(EcgError) as caught:
            read_picture(Picture(np.ascontiguousarray(make(np.random.default_rng(seed)))))
        assert caught.value.code in REFUSED, f"seed {seed}: {caught.value}"
        assert caught.value.outcome is Outcome.REFUSED


def test_no_end_is_its_own_cause():
    with pytest.raises(EcgError) as caught:
        read_picture(Picture(np.ascontiguousarray(others.sine(np.random.default_rng(0)))))
    error, seen = caught.value, set()
    while error is not None:
        assert id(error) not in seen
        seen.add(id(error))
        error = error.__cause__ or error.__context__


@pytest.mark.parametrize("shade", [0, 128, 255])
def test_a_picture_of_one_colour_is_refused_as_blank_or_no_ecg(shade):
    with pytest.raises(EcgError) as caught:
        read_picture(Picture(np.full((200, 500, 3), shade, np.uint8)))
    assert caught.value.code in REFUSED
    if shade == 255:
        assert caught.value.code == "blank_picture"


@pytest.mark.parametrize(
    ("curve", "seed"), [(diffraction, 101), (diffraction, 106), (nerve_spikes, 100), (nerve_spikes, 102)]
)
def test_peaks_that_repeat_their_shape_but_not_their_height_go_to_a_person(curve, seed):
    drawn = crop_drawn(curve(np.random.default_rng(seed)), (1000, 260))
    with pytest.raises(EcgError) as caught:
        read_picture(Picture(drawn))
    assert caught.value.code == "trace_unclear"
    assert "heights differ" in caught.value.detail


@pytest.mark.parametrize("speed_mm_s", [6.0, 150.0])
def test_a_rate_that_no_heart_has_goes_to_a_person(speed_mm_s):
    ecg = drawings.made_up_ecg(np.random.default_rng(5), bpm=72)
    drawn = drawings.paper_strip(ecg, px_per_mm=8)
    with pytest.raises(EcgError) as caught:
        read_picture(Picture(drawn.rgb), Told(speed_mm_s=speed_mm_s))
    assert (caught.value.code, caught.value.kind) == ("trace_unclear", "strip")
    assert "rate" in caught.value.detail
    assert read_picture(Picture(drawn.rgb), Told(speed_mm_s=25.0)).answered[0].fs is not None


def trembling(names):
    """Rows of beats all alike, with rest between them, and a tremor that hides how steep they are."""
    signals, fs = leads_of_a_heart()
    r_peaks = np.arange(1, 12) * round(0.8 * fs)
    tremor = 0.8 * np.sin(2 * np.pi * 15 * np.arange(10 * fs) / fs)
    values = [10 * signal + tremor for signal in signals.values()]
    leads = tuple(
        LeadReading(
            curve, 10.0, fs, r_peaks, np.zeros((curve.size, 2)), ((0, 0, 1, 1),) * r_peaks.size,
            np.zeros(curve.size, bool), 95, name, "printed" if name else None, row=row,
        )
        for row, (name, curve) in enumerate(zip(names, values, strict=True))
    )  # fmt: skip
    scales = (25.0, "assumed", 10.0, "assumed", 8.0, 8.0)
    return Reading("sheet", leads, (0,), "12x1", *scales, 95, np.zeros((4, 2)))


def test_beats_that_are_calm_but_hardly_steep_are_a_heart_s_where_its_names_are_printed():
    check_sheet_beats(trembling(STANDARD_LEADS))
    with pytest.raises(EcgError) as caught:
        check_sheet_beats(trembling([None] * 12))
    assert caught.value.code == "trace_unclear"


def of_one_row(curve, fs, r_peaks):
    lead = LeadReading(
        curve, 10.0, fs, r_peaks, np.zeros((curve.size, 2)), ((0, 0, 1, 1),) * r_peaks.size,
        np.zeros(curve.size, bool), 95, "II", "printed",
    )  # fmt: skip
    return Reading("strip", (lead,), (0,), "rows-1", 25.0, "assumed", 10.0, "assumed", 8.0, 8.0, 95, np.zeros((4, 2)))


def pulsing(height_mm, between_mm=0.0):
    """Ten seconds of 150 pulses a minute, and what is between them."""
    r_peaks = np.arange(40, 1960, 80)
    curve = between_mm * np.sin(2 * np.pi * np.arange(2000) / 80)
    for r_peak in r_peaks:
        curve[r_peak - 4 : r_peak + 5] += height_mm * np.array([0.1, 0.2, 0.5, 0.8, 1, 0.8, 0.5, 0.2, 0.1])
    return of_one_row(curve, 200.0, r_peaks)


def test_a_straight_line_with_low_ticks_is_the_frame_of_a_plot():
    with pytest.raises(EcgError, match="ticks"):
        check_sheet_beats(pulsing(1.6))
    check_sheet_beats(pulsing(6.0, between_mm=0.4))


def test_curves_that_leap_up_and_decay_are_no_heart_s():
    fs, r_peaks = 200.0, np.arange(40, 1960, 160)
    since = (np.arange(2000) - 40) % 160
    decays = 12 * np.exp(-since / 30)
    with pytest.raises(EcgError, match="behaves like a heart"):
        check_sheet_beats(of_one_row(decays, fs, r_peaks))


def of_two_beats(curves):
    """A sheet of three rows and four columns without names, each lead with two beats a second apart."""
    fs = 500.0
    leads = tuple(
        LeadReading(
            curve, 10.0, fs, np.array([300, 800]), np.zeros((curve.size, 2)), ((0, 0, 1, 1),) * 2,
            np.zeros(curve.size, bool), 95, start_s=2.5 * (number % 4), row=number // 4, column=number % 4,
        )
        for number, curve in enumerate(curves)
    )  # fmt: skip
    return Reading(
        "sheet", leads, (0, 1, 2, 3), "3x4", 25.0, "assumed", 10.0, "assumed", 8.0, 8.0, 95, np.zeros((4, 2))
    )


def leads_of_two_beats():
    """At 500 Hz, beats at 300 and 800."""
    signals, fs = leads_of_a_heart()
    at = np.arange(1250)
    # One beat each 0.8 s, the first at 0.8: as many samples as a second has.
    beat = 0.8 * fs + (at % 500 - 300) / 500 * 0.8 * fs
    return [10 * np.interp(beat, np.arange(mv.size), mv) for mv in signals.values()]


def test_many_short_leads_of_two_steep_beats_are_a_heart_s_where_one_would_not_tell():
    curves = leads_of_two_beats()
    check_sheet_beats(of_two_beats(curves))
    with pytest.raises(EcgError, match="too few beats"):
        check_sheet_beats(of_two_beats(curves[:4]))


def test_short_leads_of_round_waves_are_no_heart_s():
    waves = 10 * np.sin(2 * np.pi * (np.arange(1250) - 175) / 500)
    with pytest.raises(EcgError, match="too few beats"):
        check_sheet_beats(of_two_beats([waves] * 12))


def test_a_sheet_without_names_is_read_though_its_columns_are_short():
    leads, fs = leads_of_a_heart()
    slow = {lead: np.interp(np.arange(0, mv.size, 0.8), np.arange(mv.size), mv) for lead, mv in leads.items()}
    style = SheetStyle(named=False, separator="gap", header=False)
    drawn = sheet_picture(slow, fs, level="scan", rng=np.random.default_rng(3), layout="3x4", style=style)
    reading = read_picture(decode_picture(drawn.data))
    assert reading.layout == "3x4"
    assert max(lead.r_peaks.size for lead in reading.leads) <= 3


@pytest.mark.parametrize("seed", [2, 3])
def test_one_strip_below_printed_words_is_read_though_they_are_no_trace(seed):
    leads, fs = leads_of_a_heart()
    rng, style = np.random.default_rng(seed), SheetStyle(named=False, words_mm=3.2)
    drawn = sheet_picture({"I": leads["I"]}, fs, level="clean", rng=rng, layout=rows_layout(["I"]), style=style)
    (lead,) = read_picture(decode_picture(drawn.data)).leads
    assert len(lead.r_peaks) >= 11
