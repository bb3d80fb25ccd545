import pytest

from worker.training.config import CONFIGS
from worker.training.paper.settings import paper_config_load

SHIPPED = sorted(CONFIGS.glob("paper*.toml"))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_comparisons_can_be_read(path):
    config = paper_config_load(path)
    assert config.name == path.stem
    assert config.rows
    assert config.row(config.rows[0].name) is config.rows[0]


def test_a_comparison_is_found_by_its_name():
    assert paper_config_load(CONFIGS / "nowhere" / "paper-two-cores").protocol.folds == 10


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("[zoo]", "[zoology]", "sections"),
        ("size_px = 64", "size_mm = 64", "zoo"),
        ("seed = 2018\n", "", "protocol"),
        ("run_folds = [0, 1, 2]", "run_folds = [10]", "run_folds"),
        ('name = "student"', 'name = "alexnet"', "differ"),
        ('network = "vggnet"\naugmentation = "none"', 'network = "vggnet"\naugmentation = "drawings"', "vggnet"),
        ('network = "student"', 'network = "teacher"', "unknown network"),
    ],
)
def test_a_wrong_setting_is_named(old, new, named, tmp_path):
    text = (CONFIGS / "paper-two-cores.toml").read_text()
    assert old in text
    path = tmp_path / "paper-wrong.toml"
    path.write_text(text.replace(old, new, 1))
    with pytest.raises(ValueError, match=named):
        paper_config_load(path)


def test_an_unknown_row_is_answered_with_the_known_ones():
    with pytest.raises(ValueError, match="jun2018"):
        paper_config_load(CONFIGS / "paper-two-cores.toml").row("resnet")
