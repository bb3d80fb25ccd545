from worker.training.verbs.explain_check import text_of


def test_the_figures_are_lines_for_people():
    figures = {
        "model": {"name": "beatline-beat", "version": "9.0.0"},
        "beats": {"N": 3, "S": 0, "V": 4, "F": 0, "Q": 0},
        "rank_correlation": {"class_map": {"top_layer": 0.281, "all_layers": -0.004}},
        "loss": {"class_map": {"all": 0.5, "N": 0.25}, "class_map_above_random": 0.875},
    }
    assert text_of(figures).splitlines() == [
        "beatline-beat 9.0.0: 7 beats",
        "  class_map: rank correlation after shuffling: top layer 0.28, all layers -0.00",
        "  loss of probability with a quarter covered, class map: all 0.500, N 0.250",
        "  class map above random: 88% of beats",
    ]
