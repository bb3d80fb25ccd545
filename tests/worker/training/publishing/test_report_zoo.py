import shutil

from worker.training.paper.predictions import SCIENCE
from worker.training.publishing.report_zoo import CONFIG, zoo_section


def model(kind, version):
    figures = {name: {"sensitivity": 0.5, "positive_predictivity": 0.5, "f1": 0.5} for name in "NSVF"}
    row = {"accuracy": 0.9, "macro_f1": 0.5, "macro_f1_nsv": 0.5, "per_class": figures}
    return {"kind": kind, "version": version, "metrics": {"held_out": row, "ds2": {"crop": {"oracle": row}}}}


def test_a_network_has_its_left_out_patients_and_ds2_side_by_side_and_ours_below(tmp_path):
    committed = SCIENCE / CONFIG
    (tmp_path / CONFIG).mkdir()
    for protocol in ("ds1-held-out", "ds2"):
        shutil.copy(committed / f"student-{protocol}.csv.gz", tmp_path / CONFIG)
    lines = zoo_section(tmp_path, [model("beat", "7.0.0")]).splitlines()
    left_out = next(number for number, line in enumerate(lines) if line.startswith("| student, DS1 records left out |"))
    assert lines[left_out + 1].startswith("| student, **DS2** |")
    assert lines[left_out + 2].startswith("| beat 7.0.0, DS1 records left out, ")
    assert lines[left_out + 3].startswith("| beat 7.0.0, **DS2**, ")
    assert sum(line.startswith("| … without record ") for line in lines) == 3
    assert any(line.startswith("* student, DS2: accuracy ") for line in lines)
    (lesson,) = (line for line in lines if line.startswith("To answer N always"))
    assert lesson.startswith("To answer N always would be right for 0.890 ")
    assert "The best macro F1 over N S V is student's 0.631, where beat 7.0.0 has 0.500. " in lesson


def test_before_ds2_is_opened_the_left_out_patients_stand_alone(tmp_path):
    (tmp_path / CONFIG).mkdir()
    shutil.copy(SCIENCE / CONFIG / "student-ds1-held-out.csv.gz", tmp_path / CONFIG)
    text = zoo_section(tmp_path, [])
    assert "| student, DS1 records left out |" in text
    assert "answer N always" not in text
    assert "**DS2**" not in text


def test_what_was_not_run_has_no_section(tmp_path):
    assert zoo_section(tmp_path, [model("beat", "7.0.0")]) == ""
