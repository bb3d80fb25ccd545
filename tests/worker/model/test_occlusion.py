import numpy as np
import pytest

from worker.ecg.drawing import BLANK, CONTEXT_CHANNELS
from worker.model.occlusion import (
    ChannelAxis,
    Occlusion,
    Part,
    blanked,
    context_parts,
    crop_parts,
    focus,
    time_occlusion,
)

WIDTH = 40


def rests_on(channel, first, last):
    """Probabilities of a network that looks at some columns of one channel only."""

    def probabilities(columns):
        seen = (columns[:, channel, first:last, 0] != BLANK).mean(axis=1)
        return np.stack([1 - 0.9 * seen, 0.9 * seen], axis=1)

    return probabilities


def flat(channels=1):
    return np.zeros((channels, WIDTH, 2), np.float32)


def test_the_loss_stands_where_the_network_looks():
    (found,) = time_occlusion(rests_on(0, 20, 24), flat(), 1, crop_parts())
    at = (np.arange(found.drop.size) + 0.5) * found.part.step
    assert found.whole == pytest.approx(0.9)
    assert 0.5 <= at[found.drop.argmax()] < 0.6
    assert found.drop[at < 0.4].max() == pytest.approx(0)
    start, stop = focus(found)
    assert 0.4 < start < 0.5 < 0.6 < stop < 0.7


def test_what_speaks_against_the_class_is_negative():
    (found,) = time_occlusion(rests_on(0, 20, 24), flat(), 0, crop_parts())
    assert found.whole == pytest.approx(-0.9)
    assert focus(found) is None


def test_where_no_stretch_matters_there_is_no_focus():
    (found,) = time_occlusion(lambda columns: np.full((len(columns), 2), 0.5), flat(), 1, crop_parts())
    assert not found.drop.any()
    assert focus(found) is None


def test_a_focus_reaches_to_half_of_the_largest_loss():
    part = Part("all", "s", (ChannelAxis(0, -1.0, 1.0),), 0.25, 0.25)
    drop = np.array([0.3, 0, 0.1, 0.26, 0.5, 0.3, 0.2, 0.4])
    assert focus(Occlusion(part, drop, 0.5)) == (-0.25, 0.5)


def test_the_same_time_is_covered_in_channels_of_different_axes():
    part = Part("all", "s", (ChannelAxis(0, -1.0, 1.0), ChannelAxis(2, -2.0, 2.0)), 0.5, 0.5)
    covered = blanked(flat(3), part, 0.0, 0.5)[:, :, 0] == BLANK
    assert np.flatnonzero(covered[0]).tolist() == list(range(20, 30))
    assert not covered[1].any()
    assert np.flatnonzero(covered[2]).tolist() == list(range(20, 25))


def test_the_drawing_itself_is_left_as_it_is():
    columns = flat()
    blanked(columns, crop_parts()[0], 0.0, 1.0)
    assert not columns.any()


def test_the_parts_of_a_strip_hold_every_channel_once_beside_the_part_of_all_time():
    parts = context_parts(CONTEXT_CHANNELS, 0.9, has_time=True)
    assert [part.name for part in parts] == ["all", "beat", "rhythm", "intervals", "likeness"]
    alone = [axis.channel for part in parts[1:] for axis in part.axes]
    assert sorted(alone) == list(range(len(CONTEXT_CHANNELS)))


def intervals_part(channels):
    return next(part for part in context_parts(channels, 0.9, has_time=True) if part.name == "intervals")


def test_each_interval_of_the_tachogram_is_covered_alone():
    channels = CONTEXT_CHANNELS[:5]
    part = intervals_part(channels)
    # The interval that ends at the beat stands in the eighth twelfth of the columns.
    answers = rests_on(channels.index("tachogram"), 56, 64)
    (found,) = time_occlusion(answers, np.zeros((5, 96, 2), np.float32), 1, [part])
    assert np.flatnonzero(found.drop > 0.01).tolist() == [7]
    assert part.start + 7.5 * part.step == 0


def test_an_interval_is_covered_in_the_tachogram_and_in_the_series_at_once():
    part = intervals_part(CONTEXT_CHANNELS)
    columns = np.ones((len(CONTEXT_CHANNELS), 96, 2), np.float32)
    covered = blanked(columns, part, -0.5, 0.5)[:, :, 0] != 1
    assert np.flatnonzero(covered[CONTEXT_CHANNELS.index("tachogram")]).tolist() == list(range(56, 64))
    assert np.flatnonzero(covered[CONTEXT_CHANNELS.index("intervals")]).tolist() == [63]
    assert covered.sum() == 9


def test_what_is_not_in_the_order_of_time_is_covered_with_its_whole_part_only():
    part = intervals_part(CONTEXT_CHANNELS)
    columns = np.ones((len(CONTEXT_CHANNELS), 96, 2), np.float32)
    profile = CONTEXT_CHANNELS.index("interval_profile")
    assert (blanked(columns, part, part.start, part.stop - 1)[profile] == 1).all()
    assert (blanked(columns, part, part.start, part.stop)[profile] == 0).all()


def test_without_a_time_scale_nothing_is_measured_in_seconds():
    with_time, without = (context_parts(CONTEXT_CHANNELS, 0.8, has_time=known) for known in (True, False))
    assert {part.unit for part in without} == {"rr", "interval", "beat"}
    assert [part.cells for part in without] == [part.cells for part in with_time]
    assert without[0].stop == pytest.approx(with_time[0].stop / 0.8)


def test_a_channel_of_unknown_axis_is_a_part_of_its_own():
    parts = context_parts(("beat", "neighbours", "rhythm"), 0.8, has_time=True)
    assert [(part.name, part.unit) for part in parts][-1] == ("neighbours", "fraction")
    assert all(axis.channel != 1 for part in parts[:-1] for axis in part.axes)
