from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from classify.models import Recording
from classify.registry.models import ShadowPrediction
from classify.registry.selectors import agreement, most_differing
from classify.registry.services import shadow_start
from classify.registry.shadow import shadow_write
from classify.templatetags.recordings import moment
from portal.audit.models import AuditEvent
from tests.classify.conftest import result_of
from tests.support.people import actor_of, signed_in

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.fixture
def active(make_version):
    return make_version("context", "1.0.0")


@pytest.fixture
def version(active, make_version):
    return make_version("context", "2.0.0")


@pytest.fixture
def said(make_patient, make_prediction, active, version):
    """``said(hospital, doctor, "NNV", "NSV")``: the model in use said NNV, the shadow NSV."""

    def make(hospital, doctor, answer, shadow):
        prediction = make_prediction(make_patient(hospital, doctor), answer)
        return shadow_write(
            prediction=prediction,
            said=result_of(shadow),
            answer=result_of(answer),
            version=version,
            beside=active,
            at=NOW,
        )

    return make


@pytest.fixture
def both_roles(join, st_mary):
    """An administrator who is a doctor too."""
    return join(st_mary, "dana", "administrator", "doctor")


def page_of(user, version):
    return signed_in(user).get(reverse("registry:shadow", args=[version.pk]))


def test_agreement_and_confusion_are_counted_over_beats(said, active, version, st_mary, alice, admin_ann_actor):
    said(st_mary, alice, "NNV", "NSV")
    said(st_mary, alice, "NNNNN", "NNNNN")
    found = agreement(admin_ann_actor, version, active)
    assert (found.recordings, found.beats, found.agreed, found.share) == (2, 8, 7, 0.875)
    assert (found.confusion["N"]["N"], found.confusion["N"]["S"], found.confusion["V"]["V"]) == (6, 1, 1)
    assert found.since == NOW


def test_the_page_shows_them_and_no_recording_to_a_plain_administrator(said, version, st_mary, alice, admin_ann):
    row = said(st_mary, alice, "NNV", "NSV")
    page = page_of(admin_ann, version).content.decode()
    assert "66.7 %" in page
    assert "is shown to administrators who are also doctors" in page
    assert str(row.prediction.recording_id) not in page
    assert not AuditEvent.objects.filter(action="shadow.read").exists()


def test_who_may_open_recordings_sees_those_with_most_differences_first_and_is_audited(
    said, version, st_mary, alice, both_roles
):
    few, many, none = (
        said(st_mary, alice, "NNV", "NSV"),
        said(st_mary, alice, "NNN", "SSV"),
        said(st_mary, alice, "N", "N"),
    )
    page = page_of(both_roles, version).content.decode()
    places = [page.find(str(row.prediction.recording_id)) for row in (many, few)]
    assert -1 < places[0] < places[1]
    assert str(none.prediction.recording_id) not in page
    assert "N → S 2, N → V 1" in page
    event = AuditEvent.objects.get(action="shadow.read")
    assert set(event.patient_ids) == {str(row.prediction.recording.patient_id) for row in (few, many)}


def test_the_comparison_has_a_beginning_of_its_own(said, active, version, st_mary, alice, admin_ann_actor):
    shadow_start(actor=admin_ann_actor, candidate=version, reason="", at=NOW - timedelta(days=9))
    said(st_mary, alice, "NNV", "NSV")
    page = page_of(admin_ann_actor.user, version).content.decode()
    assert f"A shadow since {moment(NOW - timedelta(days=9))}." in page
    assert f"Compared with {active} since {moment(NOW)}." in page


def test_another_hospital_sees_neither_counts_nor_recordings(said, active, version, st_mary, alice, join, county):
    said(st_mary, alice, "NNV", "NSV")
    carol = join(county, "carol", "administrator", "doctor")
    assert agreement(actor_of(carol), version, active).beats == 0
    assert most_differing(actor_of(carol), version, active) == []
    assert "Nothing to compare yet" in page_of(carol, version).content.decode()


def test_a_recording_entered_in_error_leaves_counts_and_list(said, active, version, st_mary, alice, both_roles):
    row = said(st_mary, alice, "NNV", "NSV")
    Recording.objects.filter(pk=row.prediction.recording_id).update(withdrawn_at=NOW)
    assert agreement(actor_of(both_roles), version, active).beats == 0
    assert most_differing(actor_of(both_roles), version, active) == []


def test_doctors_never_see_what_a_shadow_said(said, version, st_mary, alice, alice_client):
    row = said(st_mary, alice, "NNN", "QQQ")
    assert ShadowPrediction.objects.counted_for(actor_of(alice)).count() == 0
    page = alice_client.get(reverse("classify:recording", args=[row.prediction.recording_id])).content.decode()
    assert str(version) not in page
    assert page_of(alice, version).status_code == 403


def test_the_page_asks_the_same_number_of_questions_however_many_recordings_there_are(
    said, version, st_mary, alice, both_roles, django_assert_max_num_queries
):
    for _ in range(12):
        said(st_mary, alice, "NNV", "NSV")
    client = signed_in(both_roles)
    with django_assert_max_num_queries(20):
        client.get(reverse("registry:shadow", args=[version.pk]))


def test_a_shadow_beside_an_earlier_model_is_still_found(said, version, make_version, st_mary, alice, admin_ann_actor):
    from classify.registry.services import model_promote

    said(st_mary, alice, "NNV", "NSV")
    third = make_version("context", "3.0.0", f1=0.9)
    active = version.shadow_predictions.get().beside
    model_promote(actor=admin_ann_actor, candidate=third, instead_of=active.pk, reason="x", at=NOW)
    shadow_start(actor=admin_ann_actor, candidate=version, reason="", at=NOW)
    page = page_of(admin_ann_actor.user, version).content.decode()
    assert "Nothing to compare yet" in page
    assert f'href="?beside={active.pk}"' in page
    old = signed_in(admin_ann_actor.user).get(reverse("registry:shadow", args=[version.pk]), {"beside": str(active.pk)})
    assert "66.7 %" in old.content.decode()


@pytest.mark.parametrize("asked", ["nonsense", "\x00", "00000000-0000-0000-0000-000000000000"])
def test_an_unknown_comparison_is_the_usual_one(version, admin_ann_client, asked):
    page = admin_ann_client.get(reverse("registry:shadow", args=[version.pk]), {"beside": asked})
    assert page.status_code == 200
