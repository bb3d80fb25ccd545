import numpy as np

from worker.ecg.likeness import likeness_to_median, other_beat

TIME_S = np.linspace(-0.30, 0.45, 385)


def beat(p_height=0.15, p_at_s=-0.16, qrs_s=0.02, height=1.0):
    p_wave = p_height * np.exp(-(((TIME_S - p_at_s) / 0.025) ** 2))
    return p_wave + height * np.exp(-((TIME_S / qrs_s) ** 2))


def test_a_beat_like_the_median_is_alike_in_everything():
    qrs, p_wave, scale, distance = likeness_to_median(beat()[None], beat(), TIME_S)[0]
    assert qrs > 0.999
    assert p_wave > 0.999
    assert abs(scale - 0.5) < 1e-6
    assert distance < 1e-6


def test_a_p_wave_of_another_focus_shows_in_the_p_wave_alone():
    qrs, p_wave, scale, distance = likeness_to_median(beat(p_height=-0.12, p_at_s=-0.13)[None], beat(), TIME_S)[0]
    assert qrs > 0.98
    assert p_wave < 0
    assert scale < 0.1
    assert distance > 0.3


def test_a_wide_beat_shows_in_the_qrs():
    assert likeness_to_median(beat(qrs_s=0.09, height=-1.5)[None], beat(), TIME_S)[0, 0] < 0.5


def test_the_largest_group_of_unlike_beats_is_the_other_beat():
    wide, odd = beat(qrs_s=0.09, height=-1.5), np.sin(40 * TIME_S)
    beats = np.stack([beat()] * 6 + [wide] * 3 + [odd])
    likeness = likeness_to_median(beats, beat(), TIME_S)
    assert np.allclose(other_beat(beats, likeness[:, 0], TIME_S), wide)


def test_where_all_beats_are_alike_there_is_no_other():
    beats = np.stack([beat()] * 4)
    assert other_beat(beats, likeness_to_median(beats, beat(), TIME_S)[:, 0], TIME_S) is None
