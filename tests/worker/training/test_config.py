import dataclasses
import json

import pytest

from worker.training.config import CONFIGS, config_from_document, config_load
from worker.training.verbs.options import SHIPPED_KINDS


@pytest.mark.parametrize("path", [CONFIGS / f"{kind}.toml" for kind in SHIPPED_KINDS], ids=lambda path: path.stem)
def test_a_shipped_config_survives_the_round_trip_through_json(path):
    config = config_load(path)
    assert config_from_document(json.loads(json.dumps(config.as_document()))) == config
    assert config.artifact.kind == path.stem


def test_a_shipped_config_is_found_by_its_name(tmp_path):
    assert config_load(tmp_path / "beat").artifact.name == "beatline-beat"


def test_a_misspelt_key_is_refused_by_name():
    document = dataclasses.asdict(config_load(CONFIGS / "beat.toml"))
    document["training"]["epoch"] = document["training"].pop("epochs")
    with pytest.raises(ValueError, match=r"training.*epochs"):
        config_from_document(document)
