import json

import pytest

from worker.model.registry import artifact_folder
from worker.training.config import config_load
from worker.training.labels.fine_tune_config import FINE_TUNE_CONFIGS, config_of_base, fine_tune_config_load

KINDS = ("beat", "context")


@pytest.mark.parametrize("kind", KINDS)
def test_a_shipped_config_is_found_by_its_name(kind, tmp_path):
    assert fine_tune_config_load(tmp_path / kind).fine_tune.kind == kind


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("epochs =", "epoch =", "epochs"),
        ("label_share = 0.3", "label_share = 1.5", "label_share"),
        ("[labels]", "[label]", "sections"),
        ('kind = "beat"', 'kind = "sheet"', "kind"),
    ],
)
def test_a_mistaken_config_is_refused_by_name(old, new, said, tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text((FINE_TUNE_CONFIGS / "beat.toml").read_text().replace(old, new))
    with pytest.raises(ValueError, match=said):
        fine_tune_config_load(path)


@pytest.mark.parametrize("kind", KINDS)
def test_the_bases_settings_stay_but_for_those_of_the_fine_tuning(kind):
    document = json.loads((artifact_folder(kind) / "manifest.json").read_text())
    tuned = fine_tune_config_load(FINE_TUNE_CONFIGS / f"{kind}.toml")
    settings = config_of_base(document, tuned, "9.1.0")
    assert settings.network.height_px == document["config"]["network"]["height_px"]
    assert list(settings.selection.held_out_records) == document["config"]["selection"]["held_out_records"]
    assert settings.training.learning_rate == tuned.fine_tune.learning_rate
    assert (settings.artifact.name, settings.artifact.version) == (document["name"], "9.1.0")


def test_a_setting_that_the_base_does_not_know_yet_is_the_shipped_one():
    shipped = config_load(FINE_TUNE_CONFIGS.parent / "beat.toml")
    document = {"name": "mine", "config": {"network": {"height_px": 32, "forgotten": 1}}}
    settings = config_of_base(document, fine_tune_config_load(FINE_TUNE_CONFIGS / "beat.toml"), "1.1.0")
    assert settings.network.height_px == 32
    assert settings.network.dense == shipped.network.dense
