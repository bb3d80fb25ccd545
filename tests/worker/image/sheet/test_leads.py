from dataclasses import replace

import pytest

from worker.ecg.leads import STANDARD_LEADS as LEADS
from worker.image.sheet.leads import layout_of
from worker.image.sheet.names_placed import NameSeen, Row

PX_PER_MM = 5.0
LEFT, WIDTH, SPACE = 100.0, 1250.0, 120.0


def rows(count):
    return [Row(rest=200 + SPACE * number, left=LEFT, right=LEFT + WIDTH) for number in range(count)]


def names(order, columns, *, above=40.0, inset=15.0, leave=()):
    depth = len(order) // columns
    return [
        NameSeen(lead, LEFT + inset + (at // depth) * WIDTH / columns, 200 + SPACE * (at % depth) - above, 0.9)
        for at, lead in enumerate(order)
        if lead not in leave
    ]


def leads_of(layout):
    return {(part.row, part.column): part.lead for part in layout.parts}


def test_a_sheet_of_four_columns_and_a_rhythm_strip():
    seen = [*names(LEADS, 4), NameSeen("II", LEFT + 15, 200 + 3 * SPACE - 40, 0.9)]
    layout = layout_of(rows(4), seen, PX_PER_MM)
    assert layout.name == "3x4+1"
    leads = leads_of(layout)
    assert (leads[0, 0], leads[0, 3]) == ("I", "V4")
    assert leads[2, 1] == "aVF"
    assert leads[3, 0] == "II"
    assert len(layout.parts) == 13
    rhythm = next(part for part in layout.parts if part.row == 3)
    assert (rhythm.left, rhythm.right) == (LEFT, LEFT + WIDTH)


@pytest.mark.parametrize("above", [40.0, -40.0, 55.0])
def test_names_may_stand_above_or_below_their_row(above):
    layout = layout_of(rows(3), names(LEADS, 4, above=above), PX_PER_MM)
    assert layout.name == "3x4"
    assert leads_of(layout)[1, 2] == "V2"


def test_a_name_that_was_not_read_follows_from_the_layout_and_says_so():
    layout = layout_of(rows(6), names(LEADS, 2, leave=("V3", "aVL")), PX_PER_MM)
    assert layout.name == "6x2"
    parts = {(part.row, part.column): part for part in layout.parts}
    assert (parts[2, 1].lead, parts[2, 1].source) == ("V3", "layout")
    assert (parts[0, 0].lead, parts[0, 0].source) == ("I", "printed")


def test_two_columns_of_names_beside_each_other_are_enough_for_four():
    seen = names(LEADS, 4, leave=("V1", "V2", "V3", "V4", "V5", "V6"))
    strips = [NameSeen(lead, LEFT + 15, 200 + SPACE * row - 40, 0.9) for row, lead in ((3, "V1"), (4, "II"), (5, "V5"))]
    layout = layout_of(rows(6), [*seen, *strips], PX_PER_MM)
    assert layout.name == "3x4+3"
    assert leads_of(layout)[0, 2] == "V1"
    assert leads_of(layout)[3, 0] == "V1"


@pytest.mark.parametrize("count", [6, 12])
def test_three_words_beside_the_names_of_rows_are_no_column(count):
    words = [
        NameSeen(lead, LEFT + 15 + WIDTH / 4, 160 + SPACE * row, 0.4) for row, lead in enumerate(("V1", "I", "II"))
    ]
    layout = layout_of(rows(count), [*names(LEADS[:count], 1), *words], PX_PER_MM)
    assert [part.lead for part in layout.parts] == list(LEADS[:count])


def test_few_names_of_two_columns_are_enough_where_an_order_speaks_for_them():
    unread = ("I", "II", "III", "V1", "V2", "V3", "V6")
    layout = layout_of(rows(4), names(LEADS, 4, leave=unread), PX_PER_MM)
    assert layout.name == "3x4+1"
    assert leads_of(layout)[1, 2] == "V2"
    assert leads_of(layout)[3, 0] is None


def test_few_names_of_two_columns_in_no_order_make_no_columns():
    read = dict(zip(("aVR", "aVL", "aVF", "V4", "V5"), ("V4", "II", "V6", "aVL", "III"), strict=True))
    seen = [replace(name, lead=read[name.lead]) for name in names(LEADS, 4) if name.lead in read]
    assert layout_of(rows(4), seen, PX_PER_MM).name == "rows-4"


@pytest.mark.parametrize("at", [0.25, 0.75])
def test_three_rows_of_one_lead_are_not_cut_by_waves_like_a_name(at):
    named = [NameSeen(lead, LEFT + 15, 200 + SPACE * row - 40, 0.9) for row, lead in enumerate(("I", "II", "III"))]
    waves = [NameSeen("V5", LEFT + 15 + at * WIDTH, 200 + SPACE * row - 40, 0.4) for row in (0, 1)]
    assert layout_of(rows(3), [*named, *waves], PX_PER_MM).name == "rows-3"


def test_of_twelve_rows_none_is_outside_the_order():
    between = [NameSeen(lead, LEFT + 15, 200 + SPACE * at + 0.53 * SPACE, 0.9) for at, lead in enumerate(LEADS[:6])]
    doubtful = NameSeen("I", LEFT + 15, 200 + 8.53 * SPACE, 0.5)
    layout = layout_of(rows(12), [*between, doubtful], PX_PER_MM)
    assert [part.lead for part in layout.parts] == list(LEADS)


def test_twelve_rows_of_one_lead():
    layout = layout_of(rows(12), names(LEADS, 1), PX_PER_MM)
    assert layout.name == "12x1"
    assert [part.lead for part in layout.parts] == list(LEADS)


def test_cabreras_order_is_known():
    order = ("aVL", "I", "aVR", "II", "aVF", "III", *LEADS[6:])
    layout = layout_of(rows(6), names(order, 2), PX_PER_MM)
    assert leads_of(layout)[2, 0] == "-aVR"


def test_rows_without_names_have_no_leads():
    layout = layout_of(rows(3), [], PX_PER_MM)
    assert layout.name == "rows-3"
    assert {part.lead for part in layout.parts} == {None}


def test_two_named_rows():
    seen = [NameSeen("V4", LEFT + 10, 160, 0.9), NameSeen("V5", LEFT + 10, 200 + SPACE - 40, 0.9)]
    layout = layout_of(rows(2), seen, PX_PER_MM)
    assert [part.lead for part in layout.parts] == ["V4", "V5"]


def test_no_rows_no_parts():
    assert layout_of([], [], PX_PER_MM).parts == ()


@pytest.mark.parametrize("leads", [LEADS[:6], LEADS[6:]])
def test_six_rows_of_limb_or_chest_leads(leads):
    layout = layout_of(rows(6), names(leads, 1, leave=(leads[0], leads[3])), PX_PER_MM)
    assert layout.name == "6x1"
    assert [part.lead for part in layout.parts] == list(leads)
    assert [part.source for part in layout.parts].count("layout") == 2


@pytest.mark.parametrize("before_mm", [0.0, 9.0])
def test_a_pulse_before_the_rows_moves_no_column(before_mm):
    wide = [Row(row.rest, row.left - before_mm * PX_PER_MM, row.right) for row in rows(4)]
    layout = layout_of(wide, names(LEADS, 4), PX_PER_MM)
    assert layout.name == "3x4+1"
    starts = sorted({round(part.left) for part in layout.parts if part.row == 0})
    assert starts == pytest.approx([LEFT + column * WIDTH / 4 for column in range(4)], abs=2.5 * PX_PER_MM)


def test_names_of_one_column_alone_make_no_others():
    seen = [NameSeen(lead, LEFT + 500, 160 + SPACE * number, 0.9) for number, lead in enumerate(("V4", "V5"))]
    layout = layout_of(rows(2), seen, PX_PER_MM)
    assert layout.name == "rows-2"
    assert [part.lead for part in layout.parts] == [None, None]


def test_small_letters_that_may_be_others_follow_the_order():
    seen = names(LEADS, 4)
    mistaken = {"I": None, "V4": "V1", "II": "III", "aVF": "aVR", "V6": "V5"}
    read = [
        NameSeen(mistaken.get(name.lead) or name.lead, name.x, name.y, 0.5, {name.lead: 0.2})
        for name in seen
        if mistaken.get(name.lead, "") is not None
    ]
    layout = layout_of(rows(3), read, PX_PER_MM)
    assert layout.name == "3x4"
    assert leads_of(layout) == leads_of(layout_of(rows(3), seen, PX_PER_MM))


def test_letters_that_can_be_no_others_contradict_an_order():
    read = [NameSeen("V1", name.x, name.y, 0.9) for name in names(LEADS, 4)]
    assert layout_of(rows(3), read, PX_PER_MM).name != "3x4+1"
    assert set(leads_of(layout_of(rows(3), read, PX_PER_MM)).values()) == {"V1"}


def test_a_rhythm_strip_with_a_letter_like_a_name_in_it_stays_whole():
    like_a_name = NameSeen("II", LEFT + 15 + WIDTH / 4, 200 + 3 * SPACE - 40, 0.6)
    layout = layout_of(rows(4), [*names(LEADS, 4), like_a_name], PX_PER_MM)
    assert layout.name == "3x4+1"
    assert [part.row for part in layout.parts].count(3) == 1


def test_a_word_between_two_columns_makes_no_columns():
    word = NameSeen("aVR", LEFT + 15 + WIDTH / 4, 200 - 40, 0.9)
    assert layout_of(rows(6), [*names(LEADS, 2), word], PX_PER_MM).name == "6x2"


@pytest.mark.parametrize(("score", "lead"), [(0.4, None), (0.8, "II")])
def test_a_name_that_no_order_speaks_for_has_to_be_sure(score, lead):
    layout = layout_of(rows(2), [NameSeen("II", LEFT + 10, 160, score)], PX_PER_MM)
    assert [part.lead for part in layout.parts] == [lead, None]


def test_doubtful_names_make_no_columns():
    seen = [NameSeen("V1", LEFT + 15 + column * WIDTH / 4, 160, 0.4) for column in range(4)]
    layout = layout_of(rows(3), seen, PX_PER_MM)
    assert layout.name == "rows-3"
    assert len(layout.parts) == 3


def test_six_leads_among_more_rows_are_known_by_their_order():
    wide = [Row(200 + SPACE * number, LEFT, LEFT + WIDTH) for number in range(-1, 6)]
    layout = layout_of(wide, names(LEADS[:6], 1, leave=("I",)), PX_PER_MM)
    assert layout.name == "6x1+1"
    assert [part.lead for part in layout.parts] == [None, *LEADS[:6]]


def test_a_name_over_the_first_beats_of_a_row_is_its_own():
    seen = [
        NameSeen(lead, LEFT + at, 150 + SPACE * row, 0.9) for row, (lead, at) in enumerate([("V4", 60), ("V5", 170)])
    ]
    assert [part.lead for part in layout_of(rows(2), seen, PX_PER_MM).parts] == ["V4", "V5"]


def test_what_stands_before_names_far_along_all_rows_is_the_end_of_another_column():
    seen = [NameSeen(lead, LEFT + 170 - 6 * row, 150 + SPACE * row, 0.9) for row, lead in enumerate(("V4", "V5", "V6"))]
    layout = layout_of(rows(3), seen, PX_PER_MM)
    assert layout.name == "3x2"
    assert leads_of(layout) == {(row, 0): None for row in range(3)} | {(0, 1): "V4", (1, 1): "V5", (2, 1): "V6"}
    assert all(abs(part.left - LEFT - 147) < 10 for part in layout.parts if part.column)


def test_before_the_chest_leads_of_six_rows_the_limb_leads_end():
    seen = [NameSeen(lead, LEFT + 170, 150 + SPACE * row, 0.9) for row, lead in enumerate(LEADS[6:])]
    layout = layout_of(rows(6), seen, PX_PER_MM)
    assert layout.name == "6x2"
    assert leads_of(layout)[2, 0] == "III"


@pytest.mark.parametrize(("score", "lead"), [(0.7, None), (0.9, "II")])
def test_a_name_that_is_read_twice_has_to_be_clear(score, lead):
    seen = [NameSeen("II", LEFT + 10, 160 + SPACE * row, score) for row in range(2)]
    assert [part.lead for part in layout_of(rows(2), seen, PX_PER_MM).parts] == [lead, lead]


def test_a_row_without_names_beside_rows_of_columns_is_no_one_lead():
    other = {"I": "I", "aVF": "V1", "V3": "aVL", "V6": "II"}
    seen = [NameSeen(other[name.lead], name.x, name.y, 0.9) for name in names(LEADS, 4) if name.lead in other]
    leads = leads_of(layout_of(rows(3), seen, PX_PER_MM))
    assert {place: lead for place, lead in leads.items() if place[0] == 0} == {(0, 0): None}
    assert leads[2, 3] == "II"


def test_one_letter_far_along_the_rows_makes_no_columns():
    seen = [*names(LEADS, 1), NameSeen("I", LEFT + 655, 200 + 20, 0.44)]
    assert layout_of(rows(12), seen, PX_PER_MM).name == "12x1"


@pytest.mark.parametrize(("score", "name"), [(0.5, "3x4+1"), (0.9, "3x4")])
def test_creases_that_hardly_look_like_names_cut_no_rhythm_strip(score, name):
    strip = [NameSeen("II", LEFT + 15, 200 + 3 * SPACE - 40, 0.9)]
    creases = [NameSeen("III", LEFT + 15 + at * WIDTH / 4, 200 + 3 * SPACE - 50, score) for at in (1, 3)]
    assert layout_of(rows(4), [*names(LEADS, 4), *strip, *creases], PX_PER_MM).name == name


def test_a_row_that_was_not_seen_lends_its_names_to_no_other():
    """Of four rows the second is missing: what is printed at it lies nearer to the others than nothing."""
    seen = [*names(LEADS, 4, above=-25.0), NameSeen("II", LEFT + 15, 200 + 3 * SPACE + 25, 0.9)]
    left = [row for at, row in enumerate(rows(4)) if at != 1]
    leads = leads_of(layout_of(left, seen, PX_PER_MM))
    assert [leads[1, column] for column in range(4)] == ["III", "aVF", "V3", "V6"]


def either(lead, other, row, *, score=0.59, else_score=0.38):
    return NameSeen(lead, LEFT + 15, 160 + SPACE * row, score, {other: else_score})


def test_a_doubtful_name_is_the_one_that_the_next_row_follows():
    clear = NameSeen("V5", LEFT + 15, 160 + SPACE, 0.9)
    assert [part.lead for part in layout_of(rows(2), [either("V6", "V4", 0), clear], PX_PER_MM).parts] == ["V4", "V5"]


@pytest.mark.parametrize(
    "doubtful",
    [
        either("V6", "V4", 0, score=0.9, else_score=0.6),  # clear
        either("V6", "V4", 0, else_score=0.2),  # another is far less likely
        either("V6", "V3", 0),  # which no more follows on than this one
    ],
)
def test_a_name_stays_where_no_likely_other_one_follows_on(doubtful):
    clear = NameSeen("V5", LEFT + 15, 160 + SPACE, 0.9)
    assert [part.lead for part in layout_of(rows(2), [doubtful, clear], PX_PER_MM).parts] == ["V6", "V5"]


def test_two_rhythm_strips_of_one_name_are_not_told_apart_by_doubt():
    seen = [either("II", "I", 0), either("II", "III", 1)]
    assert [part.lead for part in layout_of(rows(2), seen, PX_PER_MM).parts] == [None, None]


@pytest.mark.parametrize("above", [60.0, 55.0, -60.0])
def test_names_midway_between_rows_are_believed_only_where_one_stands_outside_all_rows(above):
    limb = names(LEADS[3:6], 1, above=above)
    assert list(leads_of(layout_of(rows(3), limb, PX_PER_MM)).values()) == ["aVR", "aVL", "aVF"]
    between = [name for name in limb if 200 < name.y < 200 + 2 * SPACE]
    assert len(between) == 2
    assert set(leads_of(layout_of(rows(3), between, PX_PER_MM)).values()) == {None}


def test_names_nearer_to_one_row_are_its_own_though_none_stands_outside():
    seen = [name for name in names(LEADS[3:6], 1, above=45.0) if name.y > 200]
    assert list(leads_of(layout_of(rows(3), seen, PX_PER_MM)).values()) == [None, "aVL", "aVF"]


def test_names_below_a_row_that_was_not_seen_are_not_those_of_the_next():
    space, below = 36 * PX_PER_MM, 8 * PX_PER_MM
    seen = [NameSeen(name.lead, name.x, 200 + space * (at % 3) + below, 0.9) for at, name in enumerate(names(LEADS, 4))]
    strip = NameSeen("II", LEFT + 15, 200 + space * 3 + below, 0.9)
    found = [Row(rest=200 + space * number, left=LEFT, right=LEFT + WIDTH) for number in (1, 2, 3)]
    leads = leads_of(layout_of(found, [*seen, strip], PX_PER_MM))
    assert (leads[0, 0], leads[0, 1], leads[1, 3]) == ("II", "aVL", "V6")
