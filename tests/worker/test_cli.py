import json
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from tests.worker import drawings, others
from worker.__main__ import main
from worker.commands.classify import readable
from worker.ecg.rhythm import LabelledBeat, rhythm_dict, rhythm_measures


def classify(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "worker", "classify", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=240)


@pytest.fixture
def folder(tmp_path):
    ecg = drawings.made_up_ecg(np.random.default_rng(1))
    Image.fromarray(drawings.paper_strip(ecg, px_per_mm=8).rgb).save(tmp_path / "strip.png")
    Image.fromarray(others.text_page(np.random.default_rng(1))).save(tmp_path / "letter.png")
    (tmp_path / "empty.png").write_bytes(b"")
    return tmp_path


def test_each_file_ends_in_one_json_line_with_the_api_s_keys(folder):
    run = classify(folder / "strip.png", folder / "letter.png", folder / "empty.png", "--json", "--lead", "II")
    assert run.returncode == 0, run.stderr
    strip, letter, empty = map(json.loads, run.stdout.splitlines())
    assert set(strip) == set(letter) == {"file", "state", "reason", "kind", "prediction"}
    assert (strip["state"], strip["kind"], strip["reason"]) == ("done", "strip", None)
    assert set(strip["prediction"]["summary"]["counts"]) == set("NSVFQ")
    assert strip["prediction"]["rhythm"]["beats"] == len(strip["prediction"]["beats"])
    assert strip["prediction"]["beats"][0]["lead"] == "II"
    assert (letter["state"], letter["reason"]["code"], letter["prediction"]) == ("refused", "not_an_ecg", None)
    assert empty["reason"]["code"] == "empty_file"
    assert empty["reason"]["sentence"].endswith(".")


def test_too_much_unsure_says_so_above_the_beats():
    beat = {"index": 0, "aami_class": "V", "confidence": 0.41, "unsure": True, "r_peak_s": 0.5}
    prediction = {
        "model": {"name": "context", "version": "1.0.0"},
        "summary": {"counts": {"V": 1}, "rate_bpm": None, "unsure": 1},
        "rhythm": rhythm_dict(rhythm_measures([LabelledBeat("V", 0.5, True)])),
        "beats": [beat],
    }
    reason = {"code": "too_many_unsure", "sentence": "Too much."}
    outcome = {"file": "a.png", "state": "needs_person", "reason": reason, "kind": "beat", "prediction": prediction}
    assert readable(outcome).splitlines()[:6] == [
        "a.png",
        "  needs person: Too much.",
        "  beat: V 1, 1 unsure (context 1.0.0)",
        "  rate: not enough beats",
        "  variability: not enough beats",
        "  ventricular: 1 of 1 beats",
    ]


def test_a_missing_file_gets_a_sentence_and_a_failing_exit(folder):
    run = classify(folder / "nowhere.png", folder / "strip.png")
    assert run.returncode == 1
    assert "nowhere.png: the file cannot be read: No such file or directory." in run.stderr
    assert "failed: The file cannot be read." in run.stdout
    assert "strip.png" in run.stdout
    assert "bpm" in run.stdout


def test_pages_that_were_not_read_are_named(folder):
    letter = Image.open(folder / "letter.png")
    letter.save(folder / "two.pdf", save_all=True, append_images=[letter])
    run = classify(folder / "two.pdf", "--json", "--page", "2")
    assert "two.pdf: page 2 of 2; --page N reads another." in run.stderr
    assert len(run.stdout.splitlines()) == 1


def test_a_page_that_the_document_lacks_is_named_as_such(folder):
    letter = Image.open(folder / "letter.png")
    letter.save(folder / "two.pdf", save_all=True, append_images=[letter])
    run = classify(folder / "two.pdf", folder / "letter.png", "--json", "--page", "3")
    for line in run.stdout.splitlines():
        assert json.loads(line)["reason"] == {
            "code": "no_such_page",
            "sentence": "The document has no such page. Name one of its pages, counted from 1.",
        }
    assert "page 3 of 2" not in run.stderr


@pytest.mark.parametrize("page", ["0", "-1", "one"])
def test_a_page_is_a_number_from_1_on(page, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["classify", "a.pdf", f"--page={page}"])
    assert ended.value.code == 2
    assert "argument --page" in capsys.readouterr().err


def test_the_command_line_needs_no_django(folder):
    code = (
        "import sys; from worker.__main__ import main; "
        f"main(['classify', {str(folder / 'letter.png')!r}, '--json']); "
        "assert not any(name.split('.')[0] in ('django', 'celery') for name in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=240)
    assert run.returncode == 0, run.stderr
