import json
import shutil
import subprocess
import sys

import pytest

from worker.model.registry import (
    ARTIFACTS,
    ArtifactError,
    active_places,
    artifact_folder,
    artifact_folders,
    file_sha256,
    read_manifest,
)


@pytest.fixture(params=["beat", "context"])
def copied(request, tmp_path):
    return shutil.copytree(artifact_folder(request.param), tmp_path / "artifact")


def test_the_active_artifacts_are_whole_and_small():
    for kind in ("beat", "context"):
        folder = artifact_folder(kind)
        manifest = read_manifest(folder)
        assert manifest.kind == kind
        assert f"{manifest.identity.version}" == folder.name
        assert manifest.identity.sha256 == file_sha256(folder / "network.keras")
        assert (folder / "network.keras").stat().st_size <= 5_000_000
        assert 0 < manifest.threshold < 1
        assert manifest.document["mmac_per_beat"] <= 75


def test_the_manifest_says_how_the_model_did_on_new_patients():
    for kind, readings in (("beat", ["crop"]), ("context", ["strip10", "whole"])):
        metrics = read_manifest(artifact_folder(kind)).document["metrics"]
        for reading in readings:
            figures = metrics["ds2"][reading]["oracle"]
            assert figures["beats"] > 49_000
            assert set(figures["per_class"]) == set("NSVF")
            assert 0.5 < figures["accuracy"] < 1
        assert 0 <= metrics["q"]["sensitivity"] <= 1
        assert metrics["calibration"]["ece_after"] < 0.2


def test_the_model_card_names_limits_and_source():
    for kind in ("beat", "context"):
        card = (artifact_folder(kind) / "model_card.md").read_text()
        assert "not a medical device" in card
        assert "Goldberger" in card
        assert "ODC-By 1.0" in card
        assert "DS2 has not been opened" not in card


def test_a_tampered_network_is_refused(copied):
    network = copied / "network.keras"
    network.write_bytes(network.read_bytes() + b"\0")
    with pytest.raises(ArtifactError, match="sha256"):
        read_manifest(copied)


def test_a_folder_without_its_network_is_refused(copied):
    (copied / "network.keras").unlink()
    with pytest.raises(ArtifactError, match="expected network"):
        read_manifest(copied)


def test_other_classes_are_refused(copied):
    document = json.loads((copied / "manifest.json").read_text())
    (copied / "manifest.json").write_text(json.dumps({**document, "classes": ["V", "N"]}))
    with pytest.raises(ArtifactError, match="classes"):
        read_manifest(copied)


def test_an_unknown_kind_is_refused():
    with pytest.raises(ArtifactError, match="sheet"):
        artifact_folder("sheet")


def test_importing_the_registry_does_not_import_tensorflow():
    code = "import sys, worker.model.registry; print('tensorflow' in sys.modules, 'keras' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ARTIFACTS.parents[1], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["False", "False"]


def test_a_manifest_that_lacks_something_is_refused(copied):
    document = json.loads((copied / "manifest.json").read_text())
    del document["threshold"]
    (copied / "manifest.json").write_text(json.dumps(document))
    with pytest.raises(ArtifactError, match="Missing: threshold"):
        read_manifest(copied)


@pytest.mark.parametrize("text", ["{", "[]", "\xff"])
def test_a_manifest_that_is_no_json_object_is_refused(copied, text):
    (copied / "manifest.json").write_text(text, encoding="latin-1")
    with pytest.raises(ArtifactError, match=r"manifest\.json"):
        read_manifest(copied)


def test_folders_with_a_manifest_are_found_and_others_are_not(copied, tmp_path):
    for place in ("beat/2.0.0", "context/1.0.0", "context/draft"):
        (tmp_path / place).mkdir(parents=True)
    for place in ("beat/2.0.0", "context/1.0.0"):
        shutil.copy(copied / "manifest.json", tmp_path / place)
    assert artifact_folders(tmp_path) == [tmp_path / "beat/2.0.0", tmp_path / "context/1.0.0"]


def test_a_folder_may_name_none_as_active(tmp_path):
    assert active_places(tmp_path) == {}
    (tmp_path / "active.json").write_text('{"beat": 3}')
    with pytest.raises(ArtifactError, match="expected the folder"):
        active_places(tmp_path)
