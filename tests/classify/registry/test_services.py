from datetime import UTC, datetime
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection, transaction

from classify.registry.models import Deployment, DeploymentRole, EventAction, ModelEvent
from classify.registry.services import (
    Overtaken,
    PromotionRefused,
    RegistryError,
    model_promote,
    model_roll_back,
    shadow_start,
    shadow_stop,
    version_before,
)
from portal.audit.append_only import AppendOnlyError
from portal.audit.models import AuditEvent
from tests.support.people import actor_of

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def active(kind="context"):
    return Deployment.objects.get(kind=kind, role="active").version


@pytest.fixture
def old(make_version):
    return make_version("context", "1.0.0")


@pytest.fixture
def new(old, make_version):
    return make_version("context", "2.0.0", f1=0.85)


@pytest.fixture
def promote(admin_ann_actor, old):
    def go(candidate, **changes):
        fields = {"actor": admin_ann_actor, "instead_of": old.pk, "reason": "Better on S beats", "at": NOW}
        return model_promote(candidate=candidate, **fields | changes)

    return go


def test_a_better_model_takes_the_place_of_the_one_in_use(promote, old, new, admin_ann):
    event = promote(new)
    assert active() == new
    assert (event.action, event.replaced, event.by, event.reason) == ("promoted", old, admin_ann, "Better on S beats")
    assert Deployment.objects.get(role="active").since == NOW


def test_a_worse_model_is_refused_with_the_reasons_and_without_a_way_around(promote, old, make_version):
    worse = make_version("context", "2.0.0", f1=0.7)
    with pytest.raises(PromotionRefused) as refused:
        promote(worse)
    assert any("macro F1" in reason for reason in refused.value.reasons)
    assert active() == old
    assert not ModelEvent.objects.filter(action="promoted").exists()
    assert AuditEvent.objects.filter(action="model.promote_refused", target_id=str(worse.pk)).exists()


def test_a_candidate_whose_file_is_gone_is_not_promoted(promote, old, new, model_folder):
    (model_folder / "context" / "2.0.0" / "network.keras").unlink()
    with pytest.raises(RegistryError, match="is missing"):
        promote(new)
    assert active() == old


@pytest.mark.parametrize("reason", ["", "  \n ", "\x00", "a" * 501])
def test_a_promotion_needs_a_reason_of_a_sensible_length(promote, old, new, reason):
    with pytest.raises(RegistryError):
        promote(new, reason=reason)
    assert active() == old


def test_the_model_in_use_is_not_promoted_again(promote, old):
    with pytest.raises(RegistryError, match="in use already"):
        promote(old)


def test_a_promotion_from_an_old_page_is_told_who_is_in_use_now(promote, old, new, make_version):
    third = make_version("context", "3.0.0", f1=0.9)
    promote(new)
    with pytest.raises(Overtaken, match=r"beatline-context 2\.0\.0"):
        promote(third)
    assert active() == new


@pytest.mark.django_db(transaction=True)
def test_of_two_promotions_at_once_one_wins_and_the_other_is_told(promote, old, new, make_version):
    third = make_version("context", "3.0.0", f1=0.9)
    start, outcomes = Barrier(2), []

    def race(candidate):
        start.wait()
        try:
            outcomes.append(promote(candidate).version)
        except Overtaken as error:
            outcomes.append(str(error))
        finally:
            connection.close()

    threads = [Thread(target=race, args=[candidate]) for candidate in (new, third)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (winner,) = [outcome for outcome in outcomes if not isinstance(outcome, str)]
    (told,) = [outcome for outcome in outcomes if isinstance(outcome, str)]
    assert active() == winner
    assert str(winner) in told
    assert ModelEvent.objects.filter(action="promoted").count() == 1


def test_rolling_back_brings_the_previous_model_back_although_its_figures_are_worse(promote, old, new, admin_ann_actor):
    promote(new)
    event = model_roll_back(actor=admin_ann_actor, kind="context", instead_of=new.pk, reason="Too many false S", at=NOW)
    assert active() == old
    assert (event.action, event.replaced) == ("rolled_back", new)
    assert version_before(old) is None, "what was just rolled back is nothing to go back to"
    with pytest.raises(RegistryError, match="No other model"):
        model_roll_back(actor=admin_ann_actor, kind="context", instead_of=old.pk, reason="x", at=NOW)


@pytest.fixture
def back(admin_ann_actor):
    def go():
        fields = {"kind": "context", "instead_of": active().pk, "reason": "Worse here", "at": NOW}
        return model_roll_back(actor=admin_ann_actor, **fields).version

    return go


def test_rolling_back_twice_takes_two_promotions_back(promote, back, old, new, make_version):
    third = make_version("context", "3.0.0", f1=0.9)
    promote(new)
    promote(third, instead_of=new.pk)
    assert [back(), back()] == [new, old]
    assert version_before(old) is None


def test_a_promotion_after_a_rollback_is_taken_back_like_any_other(promote, back, old, new, make_version):
    third = make_version("context", "3.0.0", f1=0.9)
    promote(new)
    back()
    promote(third)
    assert version_before(third) == old
    assert back() == old
    promote(new)
    assert back() == old


def test_a_model_promoted_again_over_its_successor_can_go_back_to_it(promote, back, old, make_version):
    same = make_version("context", "2.0.0", f1=0.8)
    promote(same)
    promote(old, instead_of=same.pk)
    assert [back(), back()] == [same, old]


def test_what_is_not_in_use_has_nothing_before_it(promote, old, new):
    assert version_before(new) is None
    promote(new)
    assert version_before(old) is None


def test_there_is_nothing_to_roll_back_to_after_the_first_start(old, admin_ann_actor):
    with pytest.raises(RegistryError, match="No other model"):
        model_roll_back(actor=admin_ann_actor, kind="context", instead_of=old.pk, reason="x", at=NOW)


def test_a_shadow_starts_stops_and_leaves_events(old, new, admin_ann_actor):
    shadow_start(actor=admin_ann_actor, candidate=new, reason="", at=NOW)
    assert Deployment.objects.get(role="shadow").version == new
    shadow_stop(actor=admin_ann_actor, version=new, at=NOW)
    assert not Deployment.objects.filter(role="shadow").exists()
    assert active() == old
    assert list(AuditEvent.objects.filter(action__startswith="model.shadow").values_list("action", flat=True)) == [
        "model.shadow_start", "model.shadow_stop",
    ]  # fmt: skip
    with pytest.raises(RegistryError, match="no shadow any more"):
        shadow_stop(actor=admin_ann_actor, version=new, at=NOW)


def test_only_one_shadow_runs_and_never_the_model_in_use(old, new, make_version, admin_ann_actor):
    third = make_version("context", "3.0.0")
    shadow_start(actor=admin_ann_actor, candidate=new, reason="", at=NOW)
    for candidate, words in ((third, "Another shadow"), (new, "already runs as a shadow"), (old, "in use already")):
        with pytest.raises(RegistryError, match=words):
            shadow_start(actor=admin_ann_actor, candidate=candidate, reason="", at=NOW)


def test_a_shadow_that_is_promoted_is_no_shadow_any_more(promote, new, admin_ann_actor):
    shadow_start(actor=admin_ann_actor, candidate=new, reason="", at=NOW)
    promote(new)
    assert [row.role for row in Deployment.objects.all()] == ["active"]
    assert set(ModelEvent.objects.filter(version=new).values_list("action", flat=True)) >= {
        "promoted", "shadow_stopped",
    }  # fmt: skip


def test_each_hospital_finds_the_change_in_its_audit_and_only_the_own_one_the_person(
    promote, new, st_mary, county, admin_ann
):
    promote(new)
    events = {event.hospital: event for event in AuditEvent.objects.filter(action="model.promote")}
    assert set(events) == {st_mary, county}
    assert (events[st_mary].user, events[county].user) == (admin_ann, None)
    assert events[county].details == {
        "model": "beatline-context 2.0.0", "kind": "context", "replaced": "beatline-context 1.0.0",
    }  # fmt: skip


@pytest.mark.parametrize("role", ["doctor", "reviewer"])
def test_nobody_but_an_administrator_changes_models(old, new, join, st_mary, role):
    actor = actor_of(join(st_mary, "dora", role))
    for change in (
        lambda: model_promote(actor=actor, candidate=new, instead_of=old.pk, reason="x", at=NOW),
        lambda: model_roll_back(actor=actor, kind="context", instead_of=old.pk, reason="x", at=NOW),
        lambda: shadow_start(actor=actor, candidate=new, reason="", at=NOW),
        lambda: shadow_stop(actor=actor, version=new, at=NOW),
    ):
        with pytest.raises(PermissionError):
            change()
    assert active() == old


@pytest.mark.parametrize("role", ["active", "shadow"])
def test_the_database_holds_one_version_per_kind_and_role(old, new, make_version, role):
    third = make_version("context", "3.0.0")
    Deployment.objects.update_or_create(kind="context", role=role, defaults={"version": new, "since": NOW})
    with pytest.raises(IntegrityError, match=r"deployment_one_per_kind_and_role|UNIQUE"), transaction.atomic():
        Deployment.objects.create(kind="context", role=role, version=third, since=NOW)


def test_the_database_takes_no_version_in_two_roles(old):
    with pytest.raises(IntegrityError, match=r"deployment_version_has_one_role|UNIQUE"), transaction.atomic():
        Deployment.objects.create(kind="context", role=DeploymentRole.SHADOW, version=old, since=NOW)


def test_events_stay_as_they_were_written(promote, new):
    event = promote(new)
    for attempt in (event.delete, lambda: ModelEvent.objects.update(reason="x"), ModelEvent.objects.all().delete):
        with pytest.raises(AppendOnlyError):
            attempt()
    assert ModelEvent.objects.get(action=EventAction.PROMOTED).reason == "Better on S beats"
