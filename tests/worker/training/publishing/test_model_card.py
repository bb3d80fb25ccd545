import copy
import json

import pytest

from worker.model.registry import ARTIFACTS, artifact_folder
from worker.training.publishing.model_card import model_card


@pytest.fixture
def manifest():
    return json.loads((artifact_folder("beat") / "manifest.json").read_text())


@pytest.mark.parametrize("path", sorted(ARTIFACTS.glob("*/*/manifest.json")), ids=lambda path: path.parent.name)
def test_a_shipped_card_is_that_of_its_manifest(path):
    assert (path.parent / "model_card.md").read_text() == model_card(json.loads(path.read_text()))


def test_figures_in_which_patients_leak_say_so(manifest):
    manifest["metrics"].pop("paper", None)
    assert "Figures in the paper's protocol" not in model_card(manifest)
    figures = dict.fromkeys(("accuracy", "specificity", "sensitivity", "positive_predictivity", "auc"), 0.99)
    manifest["metrics"]["paper"] = {**figures, "beats": 107_668, "folds": 10, "predictions": "docs/answers.csv.gz"}
    card = model_card(manifest)
    assert "no figures for new patients" in card
    assert "107,668 beats, 10 of 10 folds" in card
    assert card.index("Figures on new patients") < card.index("Figures in the paper's protocol")


def test_a_card_without_ds2_says_so(manifest):
    del manifest["metrics"]["ds2"]
    assert "DS2 has not been opened for this version." in model_card(manifest)


def test_every_row_of_the_manifest_has_its_line(manifest):
    ds2 = manifest["metrics"]["ds2"]
    row = {key: value for key, value in ds2["crop"]["oracle"].items() if key != "confusion"}
    ds2["crop"]["detected"] = {**copy.deepcopy(ds2["crop"]["oracle"]), "without_213": row}
    ds2["lead"] = {"V1": {**row, "reading": "crop", "records": ["103", "105"]}}
    ds2["noise"] = {"6": {**row, "reading": "crop", "detected": row}}
    ds2["roundtrip"] = {"photo": {**row, "coverage": 0.97}}
    ds2["unknown_lead"] = {**row, "reading": "crop"}
    figures = {"mean": 0.5, "sd": 0.01, "values": [0.49, 0.51]}
    manifest["metrics"]["seeds"] = {
        "count": 3,
        "networks": "members",
        "readings": {"crop": {"macro_f1_nsv": figures, "f1_S": figures}},
    }
    card = model_card(manifest)
    for said in (
        "detected R peaks",
        "without record 213",
        "second lead V1 (2 patients)",
        "noise at 6 dB",
        "drawn and read again, photo: 97.0% of the beats have an answer",
        "lead and time scale unknown",
        "Over 3 networks (members)",
        "macro F1 N S V 0.500 ± 0.010, F1 S 0.500 ± 0.010",
    ):
        assert said in card, said
