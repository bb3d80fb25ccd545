from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from classify.models import Beat, Recording
from classify.result_page import beats_shown, canvas_of, rr_figures
from classify.selectors import recordings_for_timeline
from classify.timeline import burden_percent, burdens_load
from tests.classify.conftest import NOW, picture

Box = tuple[int, int, int, int]


def shown(boxes: list[Box], *, width: int = 2000, height: int = 400, times: list[float | None] | None = None) -> Any:
    beats = [
        Beat(index=n, x=x, y=y, width=w, height=h, r_peak_s=times[n] if times else None, lead="II")
        for n, (x, y, w, h) in enumerate(boxes)
    ]
    recording = Recording(width_px=width, height_px=height)
    return beats_shown(recording, beats, [{"beat": beat, "reader_class": None} for beat in beats])


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
