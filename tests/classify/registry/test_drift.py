from datetime import UTC, date, datetime, timedelta

import pytest
from django.db.models import QuerySet
from django.urls import reverse

from classify.models import Beat, Prediction, Recording
from classify.registry.chart import chart_of
from classify.registry.drift import (
    Answers,
    reference_of,
    stability_index,
    verdict_of,
    weeks_judged,
)
from classify.registry.weeks import answers_by_week
from tests.support.people import actor_of, signed_in
from tests.support.registry import manifest_of

MONDAY = date(2026, 3, 2)
TODAY = date(2026, 6, 3)
WEEK = timedelta(days=7)
MANIFEST = manifest_of("context")


def answers(normal=180, ventricular=20, *, unsure=10, confidence=0.95):
    beats = normal + ventricular
    return Answers({"N": normal, "V": ventricular}, unsure, confidence * beats, recordings=10)


def weeks(count, **more):
    return {MONDAY + number * WEEK: answers(**more) for number in range(count)}


def judged(last, count=4):
    known = weeks(count) | {MONDAY + count * WEEK: last}
    return weeks_judged(known, reference_of(MANIFEST, known, today=TODAY), today=TODAY)[0].verdict


def test_the_index_is_zero_for_the_same_mix_and_known_for_a_shift():
    same = {"N": 0.9, "V": 0.1}
    assert stability_index(same, same, beats=1000) == pytest.approx(0)
    # (0.8 - 0.9) ln(0.8 / 0.9) + (0.2 - 0.1) ln(0.2 / 0.1)
    assert stability_index({"N": 0.8, "V": 0.2}, same, beats=10**9) == pytest.approx(0.0811, abs=1e-4)


def test_a_class_that_was_never_seen_makes_no_infinite_index():
    assert stability_index({"N": 1.0}, {"N": 0.9, "V": 0.1}, beats=100) < 1


def test_the_first_four_full_weeks_with_enough_beats_become_the_reference():
    known = {MONDAY - WEEK: answers(10, 1)} | weeks(5)
    reference = reference_of(MANIFEST, known, today=TODAY)
    assert reference.weeks == tuple(MONDAY + number * WEEK for number in range(4))
    assert (reference.beats, reference.mix["V"], reference.unsure_rate) == (800, 0.1, 0.05)
    assert reference.mean_confidence == pytest.approx(0.95)


def test_a_week_that_is_not_over_is_no_reference():
    assert reference_of(MANIFEST, weeks(4), today=MONDAY + 3 * WEEK + timedelta(days=6)) is None
    assert reference_of(MANIFEST, weeks(4), today=MONDAY + 4 * WEEK) is not None


def test_the_manifests_own_reference_comes_first():
    own = {"class_mix": {"N": 0.8, "V": 0.2}, "mean_confidence": 0.9, "unsure_rate": 0.1}
    manifest = MANIFEST | {"metrics": {**MANIFEST["metrics"], "reference": own}}
    reference = reference_of(manifest, weeks(5), today=TODAY)
    assert reference.is_of_manifest
    assert (reference.mix["V"], reference.mean_confidence, reference.unsure_rate) == (0.2, 0.9, 0.1)


@pytest.mark.parametrize("broken", [{}, {"class_mix": {}}, {"class_mix": {"N": 1}, "mean_confidence": "high"}])
def test_a_broken_reference_in_the_manifest_is_none(broken):
    manifest = MANIFEST | {"metrics": {"reference": broken}}
    assert reference_of(manifest, {}, today=TODAY) is None


@pytest.mark.parametrize(
    ("last", "level", "words"),
    [
        (answers(), "same", "Like the reference."),
        (answers(9, 1), "few", "Too few beats to say (under 100)."),
        (answers(150, 50), "some", "more V (25 %, before 10 %)"),
        (answers(100, 100), "large", "Very different from the reference: more V (50 %, before 10 %)"),
        (answers(unsure=60), "some", "more beats unsure (30 %, before 5.0 %)"),
        (answers(confidence=0.85), "some", "less confident (0.85, before 0.95)"),
    ],
)
def test_a_week_is_judged_in_words(last, level, words):
    verdict = judged(last)
    assert verdict.level == level
    assert words in verdict.sentence


def test_without_a_reference_no_week_is_judged():
    verdict = verdict_of(MONDAY, answers(), None, today=TODAY)
    assert (verdict.level, verdict.index) == ("open", None)


def test_a_chart_puts_weeks_across_by_time_and_draws_the_reference():
    chart = chart_of("Unsure", [(MONDAY, 5.0), (MONDAY + WEEK, 10.0), (MONDAY + 4 * WEEK, 10.0)], 5.0)
    assert [dot.x for dot in chart.dots] == ["3.00%", "26.50%", "97.00%"]
    assert chart.reference[0] == chart.dots[0].y
    assert len(chart.lines) == 2


# --- Counted by the database ------------------------------------------------------------------------------------------
@pytest.fixture
def version(make_version):
    return make_version("context", "1.0.0")


@pytest.fixture
def answered(make_patient, make_prediction, version):
    """``answered(hospital, doctor, "NNV", at)``: a prediction of the registered version, made then."""

    def make(hospital, doctor, classes, at, *, taken=None, **more):
        prediction = make_prediction(make_patient(hospital, doctor), classes, recorded_at=taken, **more)
        # Past the guard of rows that are written once: as a worker would have written it, then.
        QuerySet.update(
            Prediction.objects.filter(pk=prediction.pk),
            model_name=version.name,
            model_version=version.version,
            model_sha256=version.sha256,
            created_at=at,
        )
        return prediction

    return make


@pytest.mark.django_db
def test_weeks_are_counted_from_monday_and_by_class(answered, version, st_mary, alice, admin_ann_actor):
    answered(st_mary, alice, "NNV", datetime(2026, 3, 2, 0, 5, tzinfo=UTC), confidences=[0.9, 0.8, 0.4])
    answered(st_mary, alice, "NV", datetime(2026, 3, 8, 23, 55, tzinfo=UTC))
    answered(st_mary, alice, "S", datetime(2026, 3, 9, 0, 5, tzinfo=UTC))
    found = answers_by_week(admin_ann_actor, version, by="answered")
    assert set(found) == {MONDAY, MONDAY + WEEK}
    first = found[MONDAY]
    assert (first.recordings, first.beats, first.unsure) == (2, 5, 1)
    assert dict(first.counts) == {"N": 3, "V": 2}
    assert first.mean_confidence == pytest.approx((0.9 + 0.8 + 0.4 + 0.9 + 0.9) / 5)


@pytest.mark.django_db
def test_weeks_may_be_those_in_which_the_ecg_was_taken(answered, version, st_mary, alice, admin_ann_actor):
    now = datetime(2026, 5, 5, tzinfo=UTC)
    answered(st_mary, alice, "NN", now, taken=datetime(2026, 3, 4, tzinfo=UTC))
    answered(st_mary, alice, "NN", now)
    assert set(answers_by_week(admin_ann_actor, version, by="taken")) == {MONDAY}


@pytest.mark.django_db
def test_other_hospitals_other_versions_and_withdrawn_recordings_do_not_count(
    answered, version, st_mary, county, alice, charlie, admin_ann_actor, make_patient, make_prediction
):
    now = datetime(2026, 3, 4, tzinfo=UTC)
    answered(county, charlie, "VVV", now)
    make_prediction(make_patient(st_mary, alice), "VVV")
    gone = answered(st_mary, alice, "VVV", now)
    Recording.objects.filter(pk=gone.recording_id).update(withdrawn_at=now)
    assert answers_by_week(admin_ann_actor, version, by="answered") == {}
    assert answers_by_week(actor_of(alice), version, by="answered") == {}


@pytest.mark.django_db
def test_the_drift_page_asks_the_same_number_of_questions_however_much_there_is(
    answered, version, st_mary, alice, admin_ann_client, django_assert_max_num_queries
):
    for number in range(30):
        answered(st_mary, alice, "NNNNV" * 3, datetime(2026, 1, 5, tzinfo=UTC) + number * WEEK / 3)
    assert Beat.objects.count() == 450
    with django_assert_max_num_queries(12):
        page = admin_ann_client.get(reverse("registry:drift", args=[version.pk])).content.decode()
    assert "The first four full weeks with at least 100 beats become the reference" in page


@pytest.mark.django_db
def test_the_drift_page_judges_the_last_week_and_tells_its_charts_in_words(
    answered, version, st_mary, alice, admin_ann_client
):
    start = datetime(2026, 1, 5, tzinfo=UTC)
    for number in range(4):
        answered(st_mary, alice, "N" * 99 + "V" * 11, start + number * WEEK)
    answered(st_mary, alice, "N" * 60 + "V" * 60, start + 4 * WEEK)
    page = admin_ann_client.get(reverse("registry:drift", args=[version.pk])).content.decode()
    assert "Very different from the reference: more V (50 %, before 10 %)" in page
    assert "Beats that are not N, in percent: 10.0 in the week of 5 Jan 2026, 50.0 in the week of 2 Feb 2026." in page
    assert "Reference: 10.0." in page


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["", "?by=taken", "?by=nonsense", "?by=%00"])
def test_an_empty_drift_page_says_what_will_stand_there(version, admin_ann_client, query):
    page = admin_ann_client.get(reverse("registry:drift", args=[version.pk]) + query)
    assert page.status_code == 200
    assert "No answers yet" in page.content.decode()


@pytest.mark.django_db
def test_an_administrator_of_another_hospital_counts_none_of_these_beats(
    answered, version, st_mary, alice, join, county
):
    answered(st_mary, alice, "NNV", datetime(2026, 3, 4, tzinfo=UTC))
    page = signed_in(join(county, "cleo", "administrator")).get(reverse("registry:drift", args=[version.pk]))
    assert "No answers yet" in page.content.decode()
