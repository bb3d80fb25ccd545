import json

import pytest

from classify.registry.card import card_html
from classify.registry.figures import compared, headline, measured_rows
from classify.registry.templatetags.registry import percent_exact, signed
from tests.support.registry import manifest_of
from worker.model.promotion import FIGURES_COMPARED
from worker.model.registry import artifact_folder


def test_new_patients_come_first_whatever_order_the_database_kept():
    manifest = manifest_of("context")
    oracle = manifest["metrics"]["ds2"]["whole"]["oracle"]
    manifest["metrics"]["ds2"]["whole"]["detected"] = oracle
    manifest["metrics"]["held_out"] = {**oracle, "readings": {"whole": oracle}}
    shuffled = json.loads(json.dumps(manifest, sort_keys=True))
    for document in (manifest, shuffled):
        assert [row.place for row in measured_rows(document)] == [
            "New patients (DS2), strips of 10 s, annotated R peaks",
            "New patients (DS2), whole recordings of 30 min, annotated R peaks",
            "New patients (DS2), whole recordings of 30 min, detected R peaks",
            "Held-out training records, whole recordings of 30 min",
        ]


def test_held_out_figures_without_readings_are_one_row():
    manifest = manifest_of("context")
    manifest["metrics"]["held_out"] = manifest["metrics"]["ds2"]["whole"]["oracle"]
    assert measured_rows(manifest)[-1].place == "Held-out training records"


def test_figures_without_a_picture_do_not_pass_for_those_of_the_round_trip():
    active, candidate = manifest_of("context"), manifest_of("context")
    oracle = candidate["metrics"]["ds2"]["whole"]["oracle"]
    candidate["metrics"]["ds2"]["roundtrip"] = {"photo": {**oracle, "accuracy": 0.1, "oracle": oracle}}
    names = [row.name for row in compared(active, candidate)]
    assert not [name for name in names if "read again" in name]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("metrics", [{}, {"ds2": None}, {"ds2": {"whole": "soon"}}, {"held_out": {"per_class": {}}}])
def test_a_manifest_without_figures_breaks_nothing(metrics):
    manifest = manifest_of("context") | {"metrics": metrics}
    assert headline(manifest) is None
    assert all(row.accuracy is None for row in measured_rows(manifest))
    assert compared(manifest, manifest)


def test_every_shipped_model_has_figures_to_show_and_to_compare():
    for kind in ("beat", "context"):
        manifest = json.loads((artifact_folder(kind) / "manifest.json").read_text())
        assert headline(manifest).accuracy > 0.5
        assert all(row.better is None for row in compared(manifest, manifest))


def test_better_means_more_of_a_score_and_less_of_an_error():
    active, candidate = manifest_of("context", f1=0.8), manifest_of("context", f1=0.9)
    candidate["metrics"]["calibration"]["ece_after"] = 0.02
    better = {row.name: row.better for row in compared(active, candidate)}
    assert better["whole recordings of 30 min, annotated R peaks: accuracy"] is True
    assert better["Calibration error (ECE)"] is False
    assert better["Brier score"] is None


def test_the_comparison_names_the_same_figures_as_the_gate():
    manifest = manifest_of("context")
    place = "strips of 10 s, annotated R peaks: "
    names = {row.name.removeprefix(place) for row in compared(manifest, manifest) if row.name.startswith(place)}
    assert set(FIGURES_COMPARED) <= names


def test_a_change_is_written_with_its_sign_and_no_change_without():
    written = [signed(value) for value in (0.05, -0.05, 0.0001, -0.0001, None)]
    assert written == ["+0.050", "−0.050", "0.000", "0.000", "–"]


def test_nearly_all_is_not_written_as_all():
    assert [percent_exact(share) for share in (0, 0.0001, 0.5, 0.99999, 1, None)] == [
        "0.0 %", "< 0.1 %", "50.0 %", "> 99.9 %", "100.0 %", "–",
    ]  # fmt: skip


def test_a_card_keeps_its_tables_and_lists_and_loses_whatever_could_run():
    html = card_html(
        "# T\n\n* one\n\n| |a|\n|:-|-:|\n|b|c|\n\n|d|\n|-|\n|e|\n\n<img src=x onerror=alert(1)> ![i](x.png)\n"
        "[s](https://a.b) [j](javascript:x) [d](data:text/html,x)"
    )
    assert "<h3>T</h3>" in html
    assert "<li>one</li>" in html
    assert 'aria-label="Table 1 of the card"' in html
    assert 'aria-label="Table 2 of the card"' in html
    assert "style=" not in html
    assert "<img" not in html
    assert '<a href="https://a.b">s</a>' in html
    assert html.count("<a ") == 1
