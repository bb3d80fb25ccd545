import pytest

from worker.training.config import CONFIGS, config_load
from worker.training.new_patients.settings import new_patients_config_load
from worker.training.paper.settings import paper_config_load

SHIPPED = CONFIGS / "new-patients.toml"


def test_the_shipped_settings_can_be_read_by_name():
    config = new_patients_config_load(CONFIGS / "nowhere" / "new-patients")
    assert config.name == "new-patients"
    assert [row.name for row in config.rows] == ["student", "alexnet", "vggnet", "jun2018", "jun2018-augmented"]
    assert config.row("vggnet").network == "vggnet"


def test_the_networks_are_those_of_the_papers_protocol_on_two_cores():
    config, paper = new_patients_config_load(SHIPPED), paper_config_load(CONFIGS / "paper-two-cores.toml")
    assert all(paper.row(row.name) == row for row in config.rows)
    assert (config.zoo.size_px, config.zoo.batch_size) == (paper.zoo.size_px, paper.zoo.batch_size)
    assert config.protocol.train_beats == paper.protocol.train_beats


def test_the_records_left_out_are_those_of_our_beat_model():
    ours = config_load(CONFIGS / "beat.toml").selection.held_out_records
    assert new_patients_config_load(SHIPPED).protocol.held_out_records == ours


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("[zoo]", "[zoology]", "sections"),
        ("train_beats", "training_beats", "protocol"),
        ('"106", "114"', '"100", "114"', "held_out_records"),
        ('["106", "114", "118", "124", "201", "220", "223"]', "[]", "held_out_records"),
        ('network = "student"', 'network = "beat"', "manifests"),
        ('name = "student"', 'name = "alexnet"', "differ"),
    ],
)
def test_a_wrong_setting_is_named(old, new, named, tmp_path):
    text = SHIPPED.read_text()
    assert old in text
    path = tmp_path / "new-patients-wrong.toml"
    path.write_text(text.replace(old, new, 1))
    with pytest.raises(ValueError, match=named):
        new_patients_config_load(path)


def test_an_unknown_row_is_answered_with_the_known_ones():
    with pytest.raises(ValueError, match="jun2018"):
        new_patients_config_load(SHIPPED).row("resnet")
