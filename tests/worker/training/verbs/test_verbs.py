import pytest

from worker.training.__main__ import VERBS, main, parser
from worker.training.verbs.options import configs


def test_every_verb_is_listed_with_its_help(capsys):
    with pytest.raises(SystemExit):
        main(["--help"])
    listed = capsys.readouterr().out
    for verb in VERBS:
        name = verb.__name__.rsplit(".", 1)[-1].replace("_", "-")
        assert f"\n    {name} " in listed or f"\n    {name}\n" in listed


def test_both_models_are_trained_unless_a_config_is_named():
    kinds = [config.artifact.kind for config in configs(parser().parse_args(["train"]))]
    assert kinds == ["beat", "context"]
    named = parser().parse_args(["train", "--config", "beat"])
    assert [config.artifact.kind for config in configs(named)] == ["beat"]


def test_missing_records_are_said_in_one_line(tmp_path, capsys):
    assert main(["prepare", "--data", str(tmp_path)]) == 1
    said = capsys.readouterr().err
    assert "download" in said
    assert "Traceback" not in said


def test_a_folder_without_a_model_is_said_in_one_line(tmp_path, capsys):
    assert main(["evaluate", "--artifact", str(tmp_path), "--data", str(tmp_path)]) == 1
    assert "manifest.json" in capsys.readouterr().err
