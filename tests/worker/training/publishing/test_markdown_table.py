from worker.training.publishing.markdown_table import markdown_table


def figures(**beats):
    classes = {
        name: {"sensitivity": 0.5, "positive_predictivity": 0.5, "f1": 0.5, "beats": beats.get(name, 10)}
        for name in "NSVF"
    }
    return {"beats": 1234, "accuracy": 0.9, "macro_f1": 0.7, "macro_f1_nsv": 0.8, "per_class": classes}


def cells(table):
    return [cell.strip() for cell in table.splitlines()[-1].strip("|").split("|")]


def test_a_row_says_how_many_beats_it_rests_on():
    assert cells(markdown_table([("strips", figures())]))[:5] == ["strips", "1,234", "0.900", "0.700", "0.800"]


def test_a_class_without_beats_has_no_figure_and_no_part_in_a_mean():
    row = cells(markdown_table([("lead V2", figures(F=0))]))
    assert row[3:5] == ["–", "0.800"]
    assert row[-1] == "–"
    row = cells(markdown_table([("lead V2", figures(V=0))]))
    assert row[3:5] == ["–", "–"]
    assert row[-2:] == ["–", "0.500 / 0.500 / 0.500"]
