"""The command, on drawn pictures."""

import csv
import json

import numpy as np
import pytest
import wfdb
from PIL import Image

from tests.worker import drawings, others
from tests.worker.training.evaluation.digitising.readings import ECG, sheet, true_reading
from worker.__main__ import main
from worker.image.read import read_picture


@pytest.fixture(scope="module")
def ecg():
    return drawings.made_up_ecg(np.random.default_rng(1), seconds=8.0)


@pytest.fixture
def strip(tmp_path, ecg):
    path = tmp_path / "strip.png"
    Image.fromarray(drawings.paper_strip(ecg, px_per_mm=8).rgb).save(path)
    return path


def digitise(tmp_path, *arguments) -> int:
    return main(["digitise", "--out", str(tmp_path / "out"), *map(str, arguments)])


def said_of(tmp_path, name):
    return json.loads((tmp_path / "out" / f"{name}.json").read_text())


def test_the_written_record_is_the_signal_that_was_drawn(tmp_path, strip, ecg):
    assert digitise(tmp_path, strip, "--lead", "II") == 0
    read = wfdb.rdrecord(str(tmp_path / "out" / "strip"))
    assert (read.sig_name, read.units) == (["II"], ["mV"])
    mv, said = read.p_signal[:, 0], said_of(tmp_path, "strip")
    assert read.sig_len / read.fs == pytest.approx(ecg.seconds, abs=0.05)
    assert np.ptp(mv) == pytest.approx(np.ptp(ecg.mv), rel=0.06)
    inside = ecg.r_s[(ecg.r_s > 0.2) & (ecg.r_s < ecg.seconds - 0.2)]
    first = mv.size / read.fs - ecg.seconds  # what the picture shows besides, at most
    for at in inside:
        assert min(abs(np.array(said["leads"][0]["r_peaks_s"]) - at)) < 0.03 + abs(first)


def test_the_description_says_what_was_found_and_what_was_assumed(tmp_path, strip):
    digitise(tmp_path, strip, "--gain", "20")
    said = said_of(tmp_path, "strip")
    assert (said["state"], said["kind"], said["layout"], said["quarter_turns"]) == ("done", "strip", "rows-1", 0)
    assert said["px_per_mm"]["x"] == pytest.approx(8, rel=0.01)
    assert said["speed"] == {"mm_s": 25.0, "source": "assumed"}
    assert said["gain"] == {"mm_mv": 20.0, "source": "user"}
    assert [note["code"] for note in said["notes"]] == ["speed_assumed"]
    assert said["files"] == ["strip.csv", "strip.hea", "strip.dat", "strip.json"]
    assert "microvolts" not in said["tracing"]["leads"][0]
    assert len(said["tracing"]["leads"][0]["line"]) > 20


def test_table_and_record_hold_the_same(tmp_path, strip):
    digitise(tmp_path, strip)
    with (tmp_path / "out" / "strip.csv").open(newline="") as file:
        head, *rows = csv.reader(file)
    assert head == ["time_s", "unknown"]
    mv = [float(cell) if cell else np.nan for _, cell in rows]
    np.testing.assert_allclose(mv, wfdb.rdrecord(str(tmp_path / "out" / "strip")).p_signal[:, 0])


def test_without_squares_no_rate_and_no_voltage_are_written(tmp_path, ecg):
    Image.fromarray(drawings.paper_strip(ecg, px_per_mm=8, grid=None).rgb).save(tmp_path / "bare.png")
    assert digitise(tmp_path, tmp_path / "bare.png") == 0
    said = said_of(tmp_path, "bare")
    assert (said["state"], said["fs"], said["speed"]["mm_s"]) == ("done", None, None)
    assert [note["code"] for note in said["notes"]] == ["no_time_scale", "no_voltage_scale"]
    assert said["files"] == ["bare.csv", "bare.json"]
    assert (tmp_path / "out" / "bare.csv").read_text().startswith("sample,unknown")


def test_a_refused_picture_says_why_and_is_no_failure(tmp_path, capsys):
    Image.fromarray(others.text_page(np.random.default_rng(1))).save(tmp_path / "letter.png")
    assert digitise(tmp_path, tmp_path / "letter.png") == 0
    said = said_of(tmp_path, "letter")
    assert (said["state"], said["reason"]["code"], said["files"]) == ("refused", "not_an_ecg", ["letter.json"])
    assert said["reason"]["sentence"] in capsys.readouterr().out


def test_a_missing_file_fails_the_run_and_leaves_the_others(tmp_path, strip, capsys):
    assert digitise(tmp_path, tmp_path / "nowhere.png", strip) == 1
    assert said_of(tmp_path, "nowhere")["reason"]["code"] == "unreadable_file"
    assert said_of(tmp_path, "strip")["state"] == "done"
    assert "cannot be read" in capsys.readouterr().err


def test_a_picture_read_again_and_then_refused_leaves_no_old_record(tmp_path, strip, monkeypatch):
    digitise(tmp_path, strip)
    monkeypatch.setattr("worker.image.by_squares.read_single", refuses)
    digitise(tmp_path, strip)
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["strip.json"]


def refuses(*_):
    from worker.errors import EcgError

    raise EcgError("low_resolution")


def test_a_folder_that_is_a_file_is_said_in_a_line(tmp_path, strip, capsys):
    (tmp_path / "out").touch()
    assert digitise(tmp_path, strip) == 1
    assert "--out: expected a folder" in capsys.readouterr().err


def test_gain_reaches_the_reader_of_classify_too(strip, monkeypatch):
    from worker import pipeline

    told = []
    monkeypatch.setattr(
        pipeline, "read_picture", lambda picture, said: told.append(said) or read_picture(picture, said)
    )
    assert main(["classify", str(strip), "--gain", "5", "--json"]) == 0
    assert told[0].gain_mm_mv == 5.0


@pytest.mark.parametrize("gain", ["0", "-1", "inf", "ten"])
def test_a_gain_is_a_positive_number(gain, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["digitise", "a.png", "--out", "b", f"--gain={gain}"])
    assert ended.value.code == 2
    assert "argument --gain" in capsys.readouterr().err


def test_a_sheets_leads_stand_on_one_axis_and_hold_what_was_drawn(tmp_path, strip, monkeypatch):
    drawn = sheet()
    monkeypatch.setattr("worker.image.read.read_picture", lambda *_: true_reading(drawn))
    digitise(tmp_path, strip)
    read = wfdb.rdrecord(str(tmp_path / "out" / "strip"))
    assert read.sig_name == [*(row.lead for row in drawn.rows[:-1]), "II-rhythm"]
    for row, mv in zip(drawn.rows, read.p_signal.T, strict=True):
        seen = np.flatnonzero(~np.isnan(mv))
        assert seen[0] / read.fs == pytest.approx(row.start_s, abs=0.01)
        assert seen.size / read.fs == pytest.approx(row.signal_mv.size / row.fs, abs=0.02)
        at_s = seen / read.fs - row.start_s
        truth = np.interp(at_s, np.arange(row.signal_mv.size) / row.fs, row.signal_mv)
        np.testing.assert_allclose(mv[seen], truth - np.median(truth), atol=0.03)
    said = said_of(tmp_path, "strip")
    rhythm = said["leads"][-1]
    assert (rhythm["name"], rhythm["lead"], rhythm["answers"]) == ("II-rhythm", "II", True)
    assert all(min(abs(ECG.r_s - at)) < 0.01 for lead in said["leads"] for at in lead["r_peaks_s"])
    assert said["notes"] == []
