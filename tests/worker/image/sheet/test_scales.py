import pytest

from worker.image.sheet.scales import gain_of_pulses, gain_printed, speed_printed
from worker.image.sheet.sign_reader import PX_PER_MM, SignSeen

RESTS_MM = (30.0, 60.0)


def pulse(rest_mm, height_mm):
    return SignSeen("pulse", 20.0, (rest_mm - height_mm) * PX_PER_MM, 0.9)


@pytest.mark.parametrize(("height_mm", "gain"), [(10.2, 10.0), (4.8, 5.0), (19.3, 20.0), (7.2, None)])
def test_the_height_of_pulses_is_a_millivolt(height_mm, gain):
    assert gain_of_pulses([pulse(rest, height_mm) for rest in RESTS_MM], RESTS_MM) == gain


def test_a_pulse_stands_on_the_row_below_it():
    assert gain_of_pulses([pulse(60.0, 20.0)], RESTS_MM) == 20.0
    assert gain_of_pulses([], RESTS_MM) is None
    assert gain_of_pulses([pulse(90.0, 5.0)], RESTS_MM) is None


def words(*said):
    return [SignSeen(sign, 5.0, 5.0, score) for sign, score in said]


def test_what_is_printed_holds_where_it_is_clear_and_agrees():
    assert speed_printed(words(("50 mm/s", 0.9), ("10 mm/mV", 0.8))) == 50.0
    assert gain_printed(words(("50 mm/s", 0.9), ("10 mm/mV", 0.8), ("10 mm/mV", 0.7))) == 10.0
    assert speed_printed(words(("50 mm/s", 0.9), ("25 mm/s", 0.9))) is None
    assert gain_printed(words(("II", 0.9))) is None


def test_pulses_higher_than_rows_are_apart_stand_on_their_own_rows():
    rests = (30.0, 40.0, 50.0, 60.0)
    assert gain_of_pulses([pulse(rest, 20.0) for rest in rests], rests) == 20.0
    assert gain_of_pulses([pulse(rest, 10.0) for rest in rests], rests) == 10.0


def test_the_printed_gain_decides_between_two_that_pulses_fit():
    rests = (40.0, 50.0)
    assert gain_of_pulses([pulse(50.0, 20.0)], rests) == 10.0
    assert gain_of_pulses([pulse(50.0, 20.0), *words(("20 mm/mV", 0.9))], rests) == 20.0


def test_as_many_pulses_that_fit_as_do_not_tell_nothing():
    assert gain_of_pulses([pulse(60.0, 5.0), pulse(60.0, 17.0)], RESTS_MM) is None


def test_a_corner_that_hardly_looks_like_a_pulse_speaks_against_nothing_printed():
    doubtful = SignSeen("pulse", 20.0, (60.0 - 2.5) * PX_PER_MM, 0.35)
    assert gain_of_pulses([doubtful, *words(("10 mm/mV", 0.99))], RESTS_MM) is None
    assert gain_of_pulses([doubtful], RESTS_MM) is None
    assert gain_of_pulses([pulse(30.0, 5.0), pulse(60.0, 5.0), *words(("10 mm/mV", 0.9))], RESTS_MM) == 5.0
