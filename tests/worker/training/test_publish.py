import json
import shutil

import pytest

from worker.model.registry import artifact_folder
from worker.training.publish import metrics_add


@pytest.fixture
def folder(tmp_path):
    shipped = artifact_folder("beat")
    for name in ("manifest.json", "model_card.md"):
        shutil.copy(shipped / name, tmp_path / name)
    return tmp_path


def documents(folder):
    return json.loads((folder / "manifest.json").read_text())


def test_figures_of_ds2_are_stamped_with_the_network_they_were_measured_for(folder):
    ds2 = documents(folder)["metrics"]["ds2"]
    metrics_add(folder, {"ds2": ds2})
    document = documents(folder)
    assert document["metrics"]["evaluated_sha256"] == document["sha256"]


def test_other_figures_leave_the_stamp_alone(folder):
    before = documents(folder)["metrics"].get("evaluated_sha256")
    metrics_add(folder, {"noise": {"db_24": {"accuracy": 0.5}}})
    document = documents(folder)
    assert document["metrics"].get("evaluated_sha256") == before
    assert document["metrics"]["noise"] == {"db_24": {"accuracy": 0.5}}


def test_rows_that_were_not_measured_again_stay(folder):
    before = documents(folder)["metrics"]["ds2"]
    metrics_add(folder, {"ds2": {"unknown_lead": before["crop"]["oracle"]}})
    ds2 = documents(folder)["metrics"]["ds2"]
    assert ds2["crop"] == before["crop"]
    assert "unknown_lead" in ds2
    assert "lead and time scale unknown" in (folder / "model_card.md").read_text()


def test_figures_come_with_their_plots(folder):
    metrics_add(folder, {})
    plots = {path.name: path.read_text() for path in (folder / "plots").glob("*.svg")}
    assert {"confusion-crop-oracle.svg", "records-crop-oracle.svg"} <= set(plots)
    assert all(text.lstrip().startswith("<?xml") for text in plots.values())
    metrics_add(folder, {})
    assert {path.name: path.read_text() for path in (folder / "plots").glob("*.svg")} == plots
