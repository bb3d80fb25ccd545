"""The rhythm of a recording, as ``worker.ecg.rhythm.rhythm_dict`` writes it. The command line answers with the same."""

from typing import Any, get_args

from rest_framework import serializers

from worker.ecg.ectopy import EpisodeKind
from worker.ecg.intervals import Reason


def number(help_text: str) -> serializers.FloatField:
    return serializers.FloatField(allow_null=True, help_text=help_text)


def count(help_text: str) -> serializers.IntegerField:
    return serializers.IntegerField(allow_null=True, min_value=0, help_text=help_text)


class EpisodeSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=get_args(EpisodeKind))
    first_beat = serializers.IntegerField(help_text="The `index` of its first beat.")
    beats = serializers.IntegerField(
        help_text="How many beats it spans; of bigeminy and trigeminy the normal ones, too."
    )
    unsure = serializers.IntegerField(help_text="How many of them the model is unsure about.")
    seconds = number("From its first R peak to its last; null without a time scale.")
    rate_bpm = number("Ventricular rate within it; null without a time scale.")
    over_100_bpm = serializers.BooleanField(allow_null=True, help_text="Whether that rate is above 100 /min.")
    cut = serializers.BooleanField(help_text="It begins or ends with the trace, so that it may be longer.")


class EctopySerializer(serializers.Serializer[Any]):
    beats = serializers.IntegerField(help_text="Ectopic beats of this class.")
    unsure = serializers.IntegerField(help_text="How many of them the model is unsure about.")
    burden_percent = number("Of all beats.")
    couplets = count("Exactly two in a row.")
    triplets = count("Exactly three in a row; they are runs, too.")
    runs = count("Three or more in a row.")
    bigeminy = count("Stretches in which every other beat is ectopic, over three whole cycles or more.")
    trigeminy = count("Stretches in which every third beat is ectopic, over three whole cycles or more.")
    unsure_episodes = serializers.IntegerField(help_text="How many of `episodes` rest on an unsure beat.")
    longest_run = EpisodeSerializer(allow_null=True)
    fastest_run = EpisodeSerializer(allow_null=True)
    episodes = EpisodeSerializer(many=True)


class RhythmSerializer(serializers.Serializer[Any]):
    beats = serializers.IntegerField()
    unsure = serializers.IntegerField(help_text="How many beats the model is unsure about.")
    seconds = number("From the first R peak to the last.")
    rate_bpm = number("Mean ventricular rate, every beat counted.")
    lowest_rate_bpm = number("Over the slowest four intervals in a row.")
    highest_rate_bpm = number("Over the fastest four intervals in a row.")
    rr_mean_s = number("All RR intervals.")
    rr_median_s = number("All RR intervals.")
    rr_shortest_s = number("All RR intervals.")
    rr_longest_s = number("The longest pause.")
    pauses_over_2_s = count("RR intervals longer than 2 s.")
    pauses_over_3_s = count("RR intervals longer than 3 s.")
    sdnn_ms = number("Standard deviation of the intervals between two normal beats.")
    rmssd_ms = number("Root mean square of the differences of successive normal intervals.")
    pnn50_percent = number("Differences of more than 50 ms, in percent of all normal intervals.")
    rr_cv_percent = number("Standard deviation of all RR intervals, in percent of their mean.")
    nn_rmssd_percent = number("RMSSD in percent of the mean normal interval: a number, not a diagnosis.")
    nn_intervals = serializers.IntegerField(help_text="Intervals between two normal beats.")
    fusion_beats = serializers.IntegerField(help_text="Class F.")
    unclassified_beats = serializers.IntegerField(help_text="Class Q.")
    supraventricular = EctopySerializer()
    ventricular = EctopySerializer()
    reasons = serializers.DictField(
        child=serializers.ChoiceField(choices=get_args(Reason)),
        help_text="For each measure that is null because it cannot be known, by its name: why.",
    )
