import json
from datetime import UTC, datetime

import pytest
from django.core.management import call_command

from classify.registry.health import active_problems, models_are_whole
from classify.registry.models import Deployment, EventAction, ModelEvent, ModelVersion
from classify.registry.registration import models_register
from portal.audit.models import AuditEvent
from tests.support.registry import artifact_write, manifest_of

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def register():
    return models_register(at=NOW)


@pytest.fixture
def two_kinds(model_folder):
    for kind in ("beat", "context"):
        artifact_write(model_folder, manifest_of(kind))
    (model_folder / "active.json").write_text('{"beat": "beat/1.0.0", "context": "context/1.0.0"}')
    return model_folder


def test_the_shipped_models_are_registered_and_in_use_from_the_first_start(shipped_models):
    assert {row.kind for row in Deployment.objects.filter(role="active")} == {"beat", "context"}
    assert models_are_whole()
    assert ModelEvent.objects.filter(action=EventAction.FIRST_START).count() == 2


def test_registering_again_changes_nothing(two_kinds):
    first = register()
    assert [str(version) for version in first.registered] == ["beatline-beat 1.0.0", "beatline-context 1.0.0"]
    events = ModelEvent.objects.count()
    again = register()
    assert (again.registered, again.measured_again, again.brought_into_use, again.problems) == ([], [], [], [])
    assert ModelEvent.objects.count() == events
    assert ModelVersion.objects.count() == Deployment.objects.count() == 2


def test_a_newer_model_is_registered_and_waits_for_an_administrator(two_kinds):
    register()
    artifact_write(two_kinds, manifest_of("context", "2.0.0"))
    (two_kinds / "active.json").write_text('{"beat": "beat/1.0.0", "context": "context/2.0.0"}')
    done = register()
    assert [version.version for version in done.registered] == ["2.0.0"]
    assert Deployment.objects.get(kind="context").version.version == "1.0.0"


def test_figures_that_were_measured_again_are_taken_over(two_kinds):
    register()
    artifact_write(two_kinds, manifest_of("context", f1=0.85, onnx={"sha256": "0" * 64}))
    assert [str(version) for version in register().measured_again] == ["beatline-context 1.0.0"]
    manifest = ModelVersion.objects.get(kind="context").manifest
    assert manifest["metrics"]["ds2"]["whole"]["oracle"]["accuracy"] == 0.85


@pytest.mark.parametrize("change", [{"threshold": 0.5}, {"temperature": 2.0}, {"outliers": {"limit": 3}}])
def test_other_settings_under_the_same_version_are_refused(two_kinds, change):
    register()
    artifact_write(two_kinds, manifest_of("context", **change))
    (problem,) = register().problems
    assert "another model needs another version" in problem
    assert ModelVersion.objects.get(kind="context").manifest["threshold"] == 0.9


def test_another_network_under_the_same_version_is_refused_and_the_model_in_use_is_missed(two_kinds):
    register()
    artifact_write(two_kinds, manifest_of("context"), network=b"another")
    problems = register().problems
    assert "context/1.0.0 was left out" in problems[0]
    assert problems[1] == (
        "Strips can't be classified: the file of beatline-context 1.0.0 is not the one that was registered "
        "(context/1.0.0/network.keras)."
    )
    assert not models_are_whole()


def test_a_broken_folder_is_named_and_the_others_are_registered(two_kinds, caplog):
    (two_kinds / "beat" / "1.0.0" / "network.keras").write_bytes(b"tampered")
    done = register()
    assert [version.kind for version in done.registered] == ["context"]
    assert done.problems[0] == ("beat/1.0.0 was left out: the network is not the one that the manifest describes.")
    assert "beat/1.0.0: network.keras: expected sha256" in caplog.text
    assert "Single beats can't be classified: no model is in use" in done.problems[1]


def test_a_missing_file_of_a_model_in_use_is_said_in_words(two_kinds):
    register()
    (two_kinds / "context" / "1.0.0" / "network.keras").unlink()
    assert active_problems() == [
        "Strips can't be classified: the file of beatline-context 1.0.0 is missing (context/1.0.0/network.keras)."
    ]


def test_a_second_folder_adds_models_that_were_trained_here(two_kinds, settings, tmp_path):
    local = tmp_path / "local"
    settings.MODEL_FOLDERS = [two_kinds, local]
    artifact_write(local, manifest_of("context", "1.0.0+st-mary", name="st-mary-context"))
    assert {str(version) for version in register().registered} == {
        "beatline-beat 1.0.0", "beatline-context 1.0.0", "st-mary-context 1.0.0+st-mary",
    }  # fmt: skip
    assert models_are_whole()


def test_an_active_json_that_is_no_json_is_named(two_kinds, caplog):
    (two_kinds / "active.json").write_text("{")
    said = " ".join(register().problems)
    assert "models was left out: the manifest, or the list of models in use, is damaged and can't be read." in said
    assert "JSONDecodeError" not in said
    assert "active.json cannot be read: JSONDecodeError" in caplog.text


def test_every_hospital_sees_a_new_model_in_its_audit(two_kinds, st_mary, county, admin_ann_actor):
    models_register(at=NOW, actor=admin_ann_actor)
    events = AuditEvent.objects.filter(action="model.register")
    assert {(event.hospital, event.user) for event in events} == {(st_mary, admin_ann_actor.user), (county, None)}


def test_the_command_says_what_it_did_and_what_is_wrong(two_kinds, capsys):
    (two_kinds / "beat" / "1.0.0" / "manifest.json").write_text(json.dumps({"kind": "beat"}))
    call_command("models_register")
    out, err = capsys.readouterr()
    assert "beatline-context 1.0.0: in use from the first start" in out
    assert "the manifest is not one that Beatline can use" in err
