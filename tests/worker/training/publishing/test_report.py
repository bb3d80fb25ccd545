import json
import shutil

import pytest

from worker.model.registry import ARTIFACTS
from worker.training.publishing.published import TARGETS
from worker.training.publishing.report import report_text, report_write
from worker.training.publishing.report_trust import trust_section
from worker.training.verbs.report import DOCS


def test_the_committed_report_is_what_a_fresh_one_would_say():
    said = (DOCS / "science.md").read_text()
    assert said == report_text(DOCS), "run: python -m worker.training report"


def test_every_plot_that_the_report_shows_is_there():
    text = (DOCS / "science.md").read_text()
    shown = [line.split("](")[1].rstrip(")") for line in text.splitlines() if line.startswith("![")]
    assert shown
    assert all((DOCS / path).is_file() for path in shown)


@pytest.fixture
def artifacts(tmp_path):
    for path in (*ARTIFACTS.glob("*.json"), *ARTIFACTS.glob("*/*/manifest.json"), *ARTIFACTS.glob("*/*/plots/*.svg")):
        copied = tmp_path / "artifacts" / path.relative_to(ARTIFACTS)
        copied.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copied)
    return tmp_path / "artifacts"


def test_a_report_follows_the_manifests(artifacts, tmp_path):
    active = json.loads((artifacts / "active.json").read_text())["context"]
    path = artifacts / active / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["metrics"]["ds2"]["whole"]["oracle"]["accuracy"] = 0.98765
    path.write_text(json.dumps(manifest))
    docs = tmp_path / "docs"
    docs.mkdir()
    text = report_write(docs, artifacts).read_text()
    assert "0.9877 reached" in text
    assert "The paper's protocol" not in text
    shown = f"../artifacts/{active}/plots/confusion-whole-oracle.svg"
    assert f"]({shown})" in text
    assert (docs / shown).is_file()


def test_a_target_is_reached_or_missed_as_it_is_worded():
    figures = {
        "per_class": {"V": {"f1": 0.955}, "S": {"f1": 0.84}},
        "macro_f1_nsv": 0.93,
        "macro_f1": 0.7,
        "accuracy": 0.975,
    }
    assert [target.met(figures) for target in TARGETS] == [False, True, True, False, True]


def test_what_was_not_measured_has_no_section(tmp_path):
    assert trust_section(tmp_path) == ""
    (tmp_path / "gates.json").write_text((DOCS / "science" / "gates.json").read_text())
    text = trust_section(tmp_path)
    assert "Pictures that are no ECG" in text
    assert "Where the network looked" not in text
