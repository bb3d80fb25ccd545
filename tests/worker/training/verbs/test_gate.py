import json
import shutil

import pytest

from worker.model.registry import artifact_folder
from worker.training.__main__ import main


@pytest.fixture
def candidate(tmp_path):
    folder = tmp_path / "candidate"
    shutil.copytree(artifact_folder("beat"), folder)
    change(folder, lambda document: document["metrics"].update(evaluated_sha256=document["sha256"]))
    return folder


def change(folder, how):
    path = folder / "manifest.json"
    document = json.loads(path.read_text())
    how(document)
    path.write_text(json.dumps(document))


def test_a_model_that_is_no_worse_may_be_promoted(candidate, capsys):
    assert main(["gate", "--candidate", str(candidate)]) == 0
    assert "may be promoted" in capsys.readouterr().out


def test_each_reason_is_a_line_and_the_exit_code_says_no(candidate, capsys):
    def worsen(document):
        document["metrics"]["ds2"]["crop"]["oracle"]["accuracy"] -= 0.02
        document["metrics"]["calibration"]["ece_after"] += 0.02

    change(candidate, worsen)
    assert main(["gate", "--candidate", str(candidate), "--active", str(artifact_folder("beat"))]) == 1
    first, *reasons = capsys.readouterr().out.splitlines()
    assert "may not be promoted" in first
    assert [reason[:9] for reason in reasons] == ["- Worse: "] * 2


def test_a_network_that_is_not_its_manifests_is_not_compared_at_all(candidate, capsys):
    (candidate / "network.keras").write_bytes(b"another network")
    assert main(["gate", "--candidate", str(candidate)]) == 1
    assert "expected sha256" in capsys.readouterr().err
