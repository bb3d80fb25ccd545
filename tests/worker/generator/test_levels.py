import pytest

from worker.generator.levels import level_named, level_of, levels

PLAIN = {
    "colours": ["pink"],
    "lines": ["solid"],
    "inks": ["black"],
    "px_per_mm": [8, 8],
    "line_mm": [0.3, 0.3],
    "margin_mm": [3, 3],
}


def test_levels_are_named_from_easy_to_hard():
    assert list(levels()) == ["clean", "scan", "photo-light", "photo", "photo-hard"]
    hardness = [level.noise[1] + level.blur_px[1] + level.turn_deg[1] for level in levels().values()]
    assert hardness == sorted(hardness)


def test_what_a_level_does_not_name_does_not_happen():
    level = level_of("plain", PLAIN)
    assert (level.shadow, level.noise, level.jpeg_quality) == (0.0, (0.0, 0.0), None)


def test_an_unknown_level_is_said_with_the_known_ones():
    with pytest.raises(ValueError, match=r"clean.*Received: 'fog'"):
        level_named("fog")


@pytest.mark.parametrize(
    ("table", "said"),
    [({"fog": 0.5}, "fog"), ({"shadow": 3}, "share"), ({"noise": [5, 2]}, "low, high"), ({"inks": []}, "words")],
)
def test_a_wrong_parameter_is_named(table, said):
    with pytest.raises(ValueError, match=said):
        level_of("mine", PLAIN | table)
