"""What the command line says about a rhythm."""

from worker.ecg.rhythm import LabelledBeat, rhythm_dict, rhythm_measures
from worker.rhythm_words import rhythm_lines


def lines(classes, *, rr_s=0.5, unsure=(), leads=1):
    beats = [
        LabelledBeat(letter, None if rr_s is None else 0.4 + at * rr_s, at in unsure)
        for at, letter in enumerate(classes)
    ]
    return rhythm_lines(rhythm_dict(rhythm_measures(beats, leads=leads)))


def test_rate_variability_and_what_ectopic_beats_form():
    assert lines("NNNNNNNVVVNNNNNS", unsure={8}) == [
        "  rate: 120 bpm (120 to 120 over 4 intervals), RR 0.50 to 0.50 s, 0 over 2 s",
        "  variability: SDNN 0 ms, RMSSD 0 ms, pNN50 0 % (10 normal intervals)",
        "  ventricular: 3 of 16 beats (18.8 %), run of 3 beats at 120 bpm from beat 8, unsure",
        "  supraventricular: 1 of 16 beats (6.2 %)",
    ]


def test_without_a_time_scale_only_what_is_counted():
    assert lines("NNNVVVNNNNNN", rr_s=None) == [
        "  rate: no time scale",
        "  variability: no time scale",
        "  ventricular: 3 of 12 beats (25.0 %), run of 3 beats from beat 4",
    ]


def test_across_several_leads_no_runs_are_told():
    assert lines("NNNVVVNNNNNN", rr_s=None, leads=2) == [
        "  rate: not told across leads",
        "  variability: not told across leads",
        "  ventricular: 3 of 12 beats (25.0 %)",
    ]


def test_a_few_beats_have_a_rate_and_no_variability():
    assert lines("NNN") == ["  rate: 120 bpm, RR 0.50 to 0.50 s, 0 over 2 s", "  variability: not enough beats"]


def test_a_couplet_is_called_so():
    assert lines("NNVVNNNN")[-1] == "  ventricular: 2 of 8 beats (25.0 %), couplet at 120 bpm from beat 3"
