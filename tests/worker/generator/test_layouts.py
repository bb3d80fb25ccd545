import numpy as np
import pytest

from worker.ecg.leads import STANDARD_LEADS
from worker.generator.layouts import (
    LAYOUTS,
    layout_drawn,
    layout_named,
    lead_of,
    rows_layout,
)


@pytest.mark.parametrize("name", [name for name in LAYOUTS if name != "6x1"])
def test_every_named_layout_shows_the_twelve_leads_once(name):
    layout = LAYOUTS[name]
    shown = [lead for row in layout.rows for lead in row]
    assert sorted(shown) == sorted(STANDARD_LEADS)
    assert {len(row) for row in layout.rows} == {layout.columns}
    assert name.startswith(f"{len(layout.rows)}x{layout.columns}")


def test_leads_run_down_the_columns_as_machines_print_them():
    layout = LAYOUTS["3x4+1"]
    assert layout.rows[0] == ("I", "aVR", "V1", "V4")
    assert layout.rows[2] == ("III", "aVF", "V3", "V6")
    assert layout.rhythm == ("II",)
    assert LAYOUTS["6x2"].rows[0] == ("I", "V1")


def test_cabrera_s_order_turns_avr_upside_down():
    layout = layout_named("6x2", cabrera=True)
    assert [row[0] for row in layout.rows] == ["aVL", "I", "-aVR", "II", "aVF", "III"]
    signal = np.array([0.1, -0.4])
    assert lead_of("-aVR", {"aVR": signal}).tolist() == [-0.1, 0.4]


def test_rhythm_strips_can_be_others():
    assert layout_named("3x4+2", rhythm=["V2", "aVF"]).rhythm == ("V2", "aVF")
    with pytest.raises(ValueError, match="2 leads"):
        layout_named("3x4+2", rhythm=["V2"])


def test_free_rows_stand_one_below_another():
    layout = rows_layout(["II", "V5"])
    assert (layout.name, layout.rows) == ("rows-2", (("II",), ("V5",)))
    with pytest.raises(ValueError, match="1 to 6"):
        rows_layout([])


def test_drawn_layouts_are_of_leads_that_there_are():
    rng = np.random.default_rng(0)
    names = {layout_drawn(STANDARD_LEADS, rng).name for _ in range(200)}
    assert set(LAYOUTS) < names
    assert "rows-1" in names
    assert set(layout_drawn(["II", "V5"], rng).leads) <= {"II", "V5"}


def test_unknown_layouts_and_leads_are_named():
    with pytest.raises(ValueError, match="'4x3'"):
        layout_named("4x3")
    with pytest.raises(ValueError, match="expected V9"):
        lead_of("V9", {"II": np.zeros(2)})
