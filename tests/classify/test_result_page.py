from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from classify.beat_canvas import canvas_of
from classify.models import Beat, Recording
from classify.result_page import beats_shown, rr_figures
from classify.selectors import recordings_for_timeline
from classify.timeline import burden_percent, burdens_load
from tests.classify.conftest import NOW, picture

Box = tuple[int, int, int, int]


def shown(boxes: list[Box], *, width: int = 2000, height: int = 400, times: list[float | None] | None = None) -> Any:
    beats = [
        Beat(index=n, x=x, y=y, width=w, height=h, r_peak_s=times[n] if times else None, lead="II")
        for n, (x, y, w, h) in enumerate(boxes)
    ]
    canvas = canvas_of(Recording(width_px=width, height_px=height), beats)
    return beats_shown(beats, [{"beat": beat, "reader_class": None} for beat in beats], canvas, {})


@pytest.mark.parametrize("box", [(500, 100, 150, 200), (0, 0, 128, 128)])
def test_a_label_covers_no_wave(box: Box) -> None:
    (beat,) = shown([box])
    assert beat.label.x >= 0
    assert beat.label.y + beat.label.height <= 0


def test_the_canvas_holds_the_picture_and_the_labels() -> None:
    (beat,) = shown([(0, 0, 128, 128)], width=128, height=128)
    canvas = canvas_of(Recording(width_px=128, height_px=128), [beat.beat])
    assert canvas.top <= beat.label.y
    assert canvas.top + canvas.height == 128


def test_on_a_sheet_labels_stand_over_the_lead_that_answers() -> None:
    beats = [Beat(index=n, x=20 + 90 * n, y=y, width=80, height=60) for n, y in enumerate((400, 404, 390))]
    canvas = canvas_of(Recording(width_px=700, height_px=500), beats, has_several=True)
    for beat, label in zip(beats, canvas.labels, strict=True):
        assert 0 < beat.y - (label.y + label.height) < label.height
        assert label.x + label.width / 2 == pytest.approx(beat.x + beat.width / 2)
    assert (canvas.top, canvas.height) == (0, 500)
    alone = canvas_of(Recording(width_px=700, height_px=500), beats)
    assert all(label.y + label.height < 0 for label in alone.labels)


def test_labels_over_the_uppermost_lead_have_room_above_the_sheet() -> None:
    canvas = canvas_of(Recording(width_px=700, height_px=500), [Beat(x=20, y=4, width=80, height=60)], has_several=True)
    assert canvas.top < canvas.labels[0].y < 0
    assert canvas.height == 500 - canvas.top


def test_on_a_turned_sheet_labels_stand_over_the_turned_lead() -> None:
    beat = Beat(x=100, y=300, width=60, height=80)  # of a picture that is turned clockwise: the lead lies at x = 440
    canvas = canvas_of(Recording(width_px=700, height_px=500), [beat], turns=1, has_several=True)
    (label,) = canvas.labels
    assert label.x + label.width / 2 == 500 - 300 - 80 / 2
    assert label.y + label.height == pytest.approx(100 - 0.15 * label.height)
    assert (canvas.width, canvas.top + canvas.height) == (500, 700)


def test_a_sheet_of_any_shape_is_shown_across_the_page() -> None:
    upright, flat = Recording(width_px=500, height_px=700), Recording(width_px=700, height_px=300)
    assert canvas_of(upright, (), has_several=True).is_wide
    assert not canvas_of(upright, ()).is_wide
    assert canvas_of(flat, ()).is_wide


def test_labels_of_close_beats_stay_apart() -> None:
    beats = shown([(n * 30, 100, 30, 200) for n in range(60)])
    assert all(b.label.x >= a.label.x + a.label.width for a, b in pairwise(beats))


def test_rr_is_the_time_since_the_beat_before() -> None:
    beats = shown([(0, 50, 50, 50), (100, 50, 50, 50)], times=[0.5, 1.25])
    assert [beat.rr_s for beat in beats] == [None, 0.75]
    without_time = shown([(0, 50, 50, 50), (100, 50, 50, 50)])
    assert [beat.rr_s for beat in without_time] == [None, None]


def test_rr_figures_need_a_time_scale() -> None:
    assert rr_figures([]) is None
    figures = rr_figures([0.5, 1.0, 0.9])
    assert figures is not None
    assert (figures.least, round(figures.mean, 2), figures.most) == (0.5, 0.8, 1.0)


@pytest.mark.django_db
def test_ectopic_burden_counts_s_v_and_f(make_prediction: Callable[..., Any], patient: Any) -> None:
    prediction = make_prediction(patient, "NNSVFQNN")
    assert burden_percent(prediction.counts, prediction.beat_count) == 37.5


@pytest.mark.django_db
def test_a_timeline_costs_the_same_however_long(
    make_prediction: Callable[..., Any], upload: Callable[..., Any], patient: Any, alice_actor: Any
) -> None:
    def cost() -> int:
        refs = list(Recording.objects.values_list("pk", flat=True))
        with CaptureQueriesContext(connection) as queries:
            items = recordings_for_timeline(refs, alice_actor)
            [(item.prediction, item.reading, item.position, item.moves) for item in items.values()]
        return len(queries)

    make_prediction(patient)
    upload(picture())
    few = cost()
    for _ in range(10):
        make_prediction(patient)
        upload(picture())
    assert cost() == few <= 4


def test_figures_over_time_leave_out_an_ecg_of_unknown_time(
    make_prediction: Callable[..., Any], patient: Any, alice_actor: Any
) -> None:
    prediction = make_prediction(patient, "NNV")
    recording = prediction.recording
    recording.recorded_at, recording.recorded_precision = None, "unknown"
    recording.save()
    assert burdens_load(patient, alice_actor, 10) == []
    recording.recorded_at, recording.recorded_precision = NOW, "exact"
    recording.save()
    assert [(at, ref) for at, _burden, ref in burdens_load(patient, alice_actor, 10)] == [(NOW, recording.pk)]
