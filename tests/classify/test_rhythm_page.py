"""The rhythm on a recording's page: whose classes, which words, and what cannot be told."""

from collections.abc import Callable
from itertools import accumulate
from types import SimpleNamespace
from typing import Any, cast

import pytest
from django.test import Client
from django.urls import reverse

from classify.jobs import job_complete, jobs_claim
from classify.models import Beat, Prediction
from classify.review.services import reading_sign
from classify.rhythm import gives_classes, leads_behind, rhythm_of
from classify.rhythm_page import rhythm_rows
from tests.classify.conftest import NOW, result_of
from worker.ecg.rhythm import LabelledBeat, rhythm_measures

Make = Callable[..., Any]


def rows(classes: str, *, rr_s: list[float] | float | None = 0.8, unsure: str = "") -> dict[str, tuple[Any, ...]]:
    gaps = rr_s if isinstance(rr_s, list) else [rr_s or 0.0] * (len(classes) - 1)
    times = [None] * len(classes) if rr_s is None else list(accumulate(gaps, initial=0.4))
    beats = [LabelledBeat(letter, time, letter in unsure) for letter, time in zip(classes, times, strict=True)]
    return {str(row.term): (*row.lines, row.note) for row in rhythm_rows(rhythm_measures(beats))}


def test_a_regular_rhythm_in_words_and_units() -> None:
    assert rows("N" * 12) == {
        "Ventricular rate": ("75 /min", "75 to 75 /min, each over four intervals"),
        "RR interval": ("mean 0.80 s, median 0.80 s", "0.80 s to 0.80 s"),
        "Longest pause": ("0.80 s", "none longer than 2 s"),
        "Variability of normal intervals": (
            "SDNN 0 ms · RMSSD 0 ms · pNN50 0 %",
            "over 11 intervals; not comparable with five minutes",
        ),
        "Irregularity": (
            "RR intervals vary by 0 %",
            "from one normal interval to the next by 0 %: little",
            "a number, not a diagnosis",
        ),
        "Ventricular ectopic beats": ("None", ""),
        "Supraventricular ectopic beats": ("None", ""),
        "Couplets and runs": ("None", ""),
        "Bigeminy and trigeminy": ("None", ""),
    }


def test_ectopic_beats_and_what_they_form() -> None:
    found = rows("NNVVNSNSNSNVVVV", rr_s=0.5, unsure="S")
    assert found["Ventricular ectopic beats"] == ("6 of 15 beats, 40.0 %", "")
    assert found["Supraventricular ectopic beats"] == ("3 of 15 beats, 20.0 %", "3 of them unsure")
    assert found["Couplets and runs"] == (
        "Ventricular couplet from beat 3",
        "Ventricular run of 4 beats from beat 12, at 120 /min, above 100 /min, cut by the edge of the trace",
        "",
    )
    assert found["Bigeminy and trigeminy"] == (
        "Supraventricular bigeminy over 7 beats from beat 5",
        "1 rests on an unsure beat",
    )


def test_pauses_and_irregular_intervals() -> None:
    found = rows("N" * 9, rr_s=[0.8, 2.4, 0.8, 3.2, 0.9, 0.7, 0.8, 0.8])
    assert found["Longest pause"] == ("3.20 s", "2 longer than 2 s, 1 longer than 3 s")
    assert found["Irregularity"][1].endswith(": much")


def test_rates_are_rounded_and_not_cut() -> None:
    assert rows("NN", rr_s=[60 / 74.96])["Ventricular rate"] == ("75 /min", "")


@pytest.mark.parametrize(("rr_s", "shown"), [(0.535, "0.54 s"), (0.365, "0.37 s"), (0.5349, "0.53 s")])
def test_a_half_is_rounded_as_in_the_summary_above(rr_s: float, shown: str) -> None:
    assert rows("NN", rr_s=[rr_s])["Longest pause"][0] == shown


def test_without_a_time_scale_one_row_says_so() -> None:
    found = rows("NVNVNVN", rr_s=None)
    assert found["Rate and intervals"] == ("No time scale", "")
    assert found["Bigeminy and trigeminy"] == (
        "Ventricular bigeminy over 7 beats from beat 1, cut by the edge of the trace",
        "not enough beats for trigeminy",
    )
    assert "Irregularity" not in found


def test_a_few_beats_say_what_they_cannot_tell() -> None:
    found = rows("NN")
    assert found["Ventricular rate"] == ("75 /min", "")
    for term in ("Variability of normal intervals", "Irregularity", "Couplets and runs", "Bigeminy and trigeminy"):
        assert found[term] == ("Not enough beats", "")
    assert rows("V") == {}


# --- From the database ------------------------------------------------------------------------------------------------
@pytest.fixture
def prediction(upload: Make) -> Prediction:
    upload()
    (job,) = jobs_claim(worker="w", at=NOW)
    assert job_complete(job=job, attempt=1, result=result_of("NNNNVVNN", unsure="V"), at=NOW)
    return Prediction.objects.get()


def page(client: Client, prediction: Prediction) -> str:
    return client.get(reverse("classify:recording", args=[prediction.recording_id])).content.decode()


def test_corrected_labels_give_corrected_measures(prediction: Prediction, rita_actor: Any) -> None:
    assert (rhythm_of(prediction).ventricular.couplets, rhythm_of(prediction).unsure) == (1, 2)
    reading = reading_sign(prediction=prediction, actor=rita_actor, verdict="corrected", corrections={5: "N"})
    corrected = rhythm_of(prediction, reading)
    assert (corrected.ventricular.couplets, corrected.ventricular.beats, corrected.unsure) == (0, 1, 0)
    assert corrected.intervals.rate_bpm == pytest.approx(75)


def test_the_page_names_whose_classes_it_counts(alice_client: Client, prediction: Prediction, rita_actor: Any) -> None:
    before = page(alice_client, prediction)
    assert "Rhythm" in before
    assert "with the model's classes" in before
    assert "Ventricular couplet from beat 5" in before
    assert "1 rests on an unsure beat" in before
    reading_sign(prediction=prediction, actor=rita_actor, verdict="corrected", corrections={5: "N"})
    after = page(alice_client, prediction)
    assert "with the classes as Rita signed them" in after
    assert "Ventricular couplet" not in after
    assert "1 of 8 beats, 12.5 %" in after


def test_an_unreadable_recording_keeps_the_model_s_classes(
    alice_client: Client, prediction: Prediction, rita_actor: Any
) -> None:
    reading = reading_sign(prediction=prediction, actor=rita_actor, verdict="unreadable")
    assert not gives_classes(reading)
    assert "with the model's classes" in page(alice_client, prediction)


def test_a_single_beat_has_an_empty_state(alice_client: Client, make_prediction: Make, patient: Any) -> None:
    assert "Not enough beats: a rhythm takes several in a row." in page(alice_client, make_prediction(patient, "V"))


def test_what_follows_what_is_not_told_across_several_leads() -> None:
    beats = [LabelledBeat(label, None, False) for label in "NNVVNNNN"]
    alone, several = rhythm_rows(rhythm_measures(beats)), rhythm_rows(rhythm_measures(beats, leads=3))
    assert [row.term for row in alone[1:]] == [row.term for row in several[1:]]
    assert (alone[0].term, alone[0].lines) == ("Rate and intervals", ("No time scale",))
    assert several[0].term == "Intervals"
    assert alone[1:3] == several[1:3], "how many beats are ectopic is counted over all leads"
    assert alone[3].lines == ("Ventricular couplet from beat 3",)
    for row in (several[0], *several[3:]):
        assert row.lines == ("Not told: the beats come from several leads, one after the other",)
        assert not row.known


@pytest.mark.parametrize(
    ("noted", "names", "leads"), [({"leads_answering": 4}, ("", ""), 4), ({}, ("I", "V1"), 2), ({}, ("", ""), 1)]
)
def test_from_how_many_leads_the_beats_come(noted: dict[str, int], names: tuple[str, ...], leads: int) -> None:
    beats = [Beat(aami_class="N", lead=name, unsure=False) for name in names]
    prediction = cast(Prediction, SimpleNamespace(settings=noted, beats=SimpleNamespace(all=lambda: beats)))
    assert leads_behind(prediction) == leads
    assert rhythm_of(prediction).leads == leads
