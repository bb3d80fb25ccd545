import copy
import json
import math
import subprocess
import sys

import pytest

from worker.model.manifest_rows import READING_TITLES
from worker.model.promotion import FIGURE_TOLERANCE, FIGURES_COMPARED, READINGS_COMPARED, reasons_against
from worker.model.registry import ARTIFACTS

KINDS = ("beat", "context")


def manifest(kind="context", sha256="a" * 64):
    figures = {
        "beats": 49705,
        "accuracy": 0.95,
        "macro_f1": 0.62,
        "macro_f1_nsv": 0.81,
        "per_class": {name: {"f1": 0.9} for name in "NSVF"},
    }
    readings = READINGS_COMPARED[kind]
    return {
        "kind": kind,
        "classes": ["N", "S", "V", "F", "Q"],
        "sha256": sha256,
        "metrics": {
            "evaluated_sha256": sha256,
            "ds2": {reading: {"oracle": copy.deepcopy(figures)} for reading in readings},
            "calibration": {"reading": readings[0], "ece_after": 0.02},
        },
    }


def change(document, path, value):
    *parents, last = path
    for key in parents:
        document = document[key]
    document[last] = value


@pytest.mark.parametrize("kind", KINDS)
def test_a_model_as_good_as_the_active_one_may_be_promoted(kind):
    assert reasons_against(manifest(kind, "b" * 64), manifest(kind)) == ()


def test_a_better_model_may_be_promoted():
    candidate = manifest()
    change(candidate, ("metrics", "ds2", "whole", "oracle", "macro_f1"), 0.9)
    change(candidate, ("metrics", "calibration", "ece_after"), 0.001)
    assert reasons_against(candidate, manifest()) == ()


@pytest.mark.parametrize(
    ("kind", "reading"), [(kind, reading) for kind in KINDS for reading in READINGS_COMPARED[kind]]
)
@pytest.mark.parametrize("path", FIGURES_COMPARED.values(), ids=" ".join)
def test_each_figure_of_each_reading_that_is_worse_is_a_reason(kind, reading, path):
    candidate, active = manifest(kind), manifest(kind)
    place = ("metrics", "ds2", reading, "oracle", *path)
    change(active, place, 0.8)
    change(candidate, place, 0.8 - FIGURE_TOLERANCE)
    assert reasons_against(candidate, active) == ()
    change(candidate, place, 0.8 - FIGURE_TOLERANCE - 0.0001)
    (reason,) = reasons_against(candidate, active)
    assert f"on DS2, {READING_TITLES[reading]}, annotated R peaks: " in reason
    assert "0.7949" in reason
    assert "0.8000" in reason


def test_an_f1_of_fusion_beats_alone_is_no_reason():
    candidate = manifest()
    change(candidate, ("metrics", "ds2", "whole", "oracle", "per_class", "F", "f1"), 0.0)
    assert reasons_against(candidate, manifest()) == ()


def test_a_worse_calibration_is_a_reason():
    candidate = manifest()
    change(candidate, ("metrics", "calibration", "ece_after"), 0.0251)
    (reason,) = reasons_against(candidate, manifest())
    assert "calibration error" in reason


def test_calibrations_of_other_readings_are_not_compared():
    candidate = manifest()
    change(candidate, ("metrics", "calibration", "reading"), "whole")
    (reason,) = reasons_against(candidate, manifest())
    assert reason == (
        "The calibrations cannot be compared: one is of whole recordings of 30 min, the other of strips of 10 s."
    )


def test_another_kind_is_the_only_reason_named():
    (reason,) = reasons_against(manifest("beat"), manifest("context"))
    assert "another kind" in reason


def test_a_kind_nobody_knows_is_a_reason():
    assert reasons_against({**manifest(), "kind": "sheet"}, manifest()) != ()


def test_other_classes_are_a_reason():
    candidate = {**manifest(), "classes": ["V", "N", "S", "F", "Q"]}
    assert any("classes" in reason for reason in reasons_against(candidate, manifest()))


def test_figures_of_another_network_are_a_reason():
    candidate = {**manifest(), "sha256": "b" * 64}
    (reason,) = reasons_against(candidate, manifest())
    assert "another network" in reason


def test_figures_that_name_no_network_are_a_reason():
    candidate = manifest()
    del candidate["metrics"]["evaluated_sha256"]
    (reason,) = reasons_against(candidate, manifest())
    assert "--write" in reason


@pytest.mark.parametrize("sha256", ["", "no digest", None])
def test_a_network_without_a_digest_is_a_reason(sha256):
    assert any("sha256" in reason for reason in reasons_against({**manifest(), "sha256": sha256}, manifest()))


def test_a_model_that_was_never_measured_is_refused_by_reading():
    candidate = manifest()
    candidate["metrics"] = {"held_out": {"accuracy": 0.99}}
    reasons = reasons_against(candidate, manifest())
    assert [reason for reason in reasons if "not measured" in reason] == [
        "The candidate was not measured on DS2, strips of 10 s, annotated R peaks.",
        "The candidate was not measured on DS2, whole recordings of 30 min, annotated R peaks.",
    ]


@pytest.mark.parametrize("figure", [None, math.nan, math.inf, "0.9", True, 95.0, -0.1])
def test_a_figure_that_is_none_is_a_reason(figure):
    candidate = manifest()
    change(candidate, ("metrics", "ds2", "strip10", "oracle", "accuracy"), figure)
    (reason,) = reasons_against(candidate, manifest())
    assert "has no accuracy" in reason


def test_an_active_model_without_figures_blocks_the_comparison():
    active = manifest()
    del active["metrics"]["calibration"]
    (reason,) = reasons_against(manifest(), active)
    assert "active model has no calibration" in reason


def test_figures_of_fewer_beats_are_a_reason():
    candidate = manifest()
    change(candidate, ("metrics", "ds2", "whole", "oracle", "beats"), 48000)
    (reason,) = reasons_against(candidate, manifest())
    assert "48000 beats" in reason


@pytest.mark.parametrize("kind", KINDS)
def test_the_shipped_model_holds_against_itself_once_its_figures_name_its_network(kind):
    active = json.loads((ARTIFACTS / "active.json").read_text())
    document = json.loads((ARTIFACTS / active[kind] / "manifest.json").read_text())
    document["metrics"]["evaluated_sha256"] = document["sha256"]
    assert reasons_against(document, document) == ()


def test_the_gate_loads_neither_numpy_nor_a_network():
    code = "import sys, worker.model.promotion; print({'numpy', 'keras', 'tensorflow'} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ARTIFACTS.parents[1], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "set()"
