import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from patients.models import Patient
from patients.plot import MAX_POINTS, _panel, nice_ticks, patient_plot
from patients.series import Series
from portal.accounts.actor import Actor

TAKEN = {"recorded_at": timezone.now(), "recorded_precision": "exact"}  # figures need a known time


@given(st.lists(st.floats(0, 400), min_size=1, max_size=50))
def test_ticks_are_few_round_and_enclose_the_values(values: list[float]):
    ticks = nice_ticks(values)
    assert 2 <= len(ticks) <= 7
    assert ticks == sorted(set(ticks))
    assert ticks[0] <= min(values) + 1e-6
    assert ticks[-1] >= max(values) - 1e-6


@pytest.mark.parametrize(
    ("values", "ticks"),
    [([58, 103], [40, 60, 80, 100, 120]), ([0, 14], [0, 5, 10, 15]), ([70, 78], [70, 72, 74, 76, 78])],
)
def test_ticks_as_one_would_draw_them(values: list[float], ticks: list[float]):
    assert nice_ticks(values) == ticks


def test_a_long_history_draws_the_newest_and_says_that_older_ones_are_left_out():
    now = timezone.now()
    points = [(now + timedelta(days=n), float(n), None) for n in range(MAX_POINTS + 7)]
    panel = _panel(Series("x", "X", "", lambda *_: []), points, points[7][0], points[-1][0])  # type: ignore[arg-type]
    assert (len(panel.dots), panel.older_left_out) == (MAX_POINTS, True)
    assert (panel.dots[0].x, panel.dots[-1].x) == ("3.00%", "97.00%")


@pytest.mark.django_db
def test_one_recording_with_a_rate_draws_nothing_yet(
    iris: Patient, alice_actor: Actor, make_prediction: Callable[..., Any]
):
    make_prediction(iris, "NNV", **TAKEN)
    assert patient_plot(iris, alice_actor).panels == []


@pytest.mark.django_db
def test_from_the_second_recording_on_points_link_to_their_recordings(
    alice_client: Client, iris: Patient, make_prediction: Callable[..., Any]
):
    made = [make_prediction(iris, "NNV", **TAKEN), make_prediction(iris, "NNN", **TAKEN)]
    page = alice_client.get(f"/patients/{iris.pk}/").content.decode()
    links = re.findall(r'class="plot-dot" href="([^"]+)" aria-label="([^"]+)"', page)
    assert {href for href, _words in links} == {f"/recordings/{item.recording_id}/" for item in made}
    assert any(words.startswith("72 /min") for _href, words in links)
    assert any(words.startswith("33.3 %") for _href, words in links)
    assert "As a table" in page


@pytest.mark.django_db
def test_charlies_plot_of_alices_patient_is_empty(
    iris: Patient, charlie_actor: Actor, make_prediction: Callable[..., Any]
):
    make_prediction(iris, "NNV", **TAKEN)
    make_prediction(iris, "NNV", **TAKEN)
    assert patient_plot(iris, charlie_actor).panels == []
