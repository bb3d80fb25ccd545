"""A picture without squares: by the seconds that a person tells, or as one trace without a time scale."""

from dataclasses import replace
from typing import Final

from worker.errors import EcgError
from worker.image.by_squares import NO_ECG, read_by_squares
from worker.image.guessed import guessed_reading
from worker.image.reading import Reading
from worker.image.seconds import bare_length_mm
from worker.image.sight import Kind, bare_sight
from worker.image.single import read_single
from worker.image.told import Told
from worker.image.traced import tracing_of
from worker.image.view import View

_WANT_SECONDS: Final = ("several_leads", "dark_background", "not_an_ecg")


def read_by_seconds(view: View, kind: Kind, told: Told) -> Reading:
    """A picture without squares, whose time scale a person gives."""
    sight = bare_sight(view, kind, bare_length_mm(told), may_turn=told.corners is None)
    try:
        return read_without_time(view, kind, told) if sight is None else read_by_squares(sight, told)
    except EcgError as error:
        if error.code not in NO_ECG or sight is None:
            raise
        return read_without_time(view, kind, told)  # seconds that are far off make rows of what is one trace


def read_by_seconds_else(error: EcgError, view: View, kind: Kind, told: Told) -> Reading:
    """The same after its squares led to an error, which stands where the seconds lead to one, too."""
    try:
        return read_by_seconds(view, kind, told)
    except EcgError:
        raise error from None


def read_without_time(view: View, kind: Kind, told: Told) -> Reading:
    """One trace as it is; several wait for their seconds to be told."""
    try:
        return _dark_trace(view, told) if kind == "screen" else read_single(view, told)
    except EcgError as error:
        raise wanting_seconds(error, view, kind, told) from None


def wanting_seconds(error: EcgError, view: View, kind: Kind, told: Told) -> EcgError:
    """The same end with what was found, where it is an ECG that only wants its seconds told."""
    if error.code not in _WANT_SECONDS:
        return error
    guessed = guessed_reading(view, kind, told, must_be_sure=error.code == "not_an_ecg")
    if error.code == "not_an_ecg" and guessed is None:
        return error
    code = "dark_background" if kind == "screen" else "no_grid"
    return EcgError(code, error.detail, kind=kind, found=None if guessed is None else tracing_of(guessed))


def _dark_trace(view: View, told: Told) -> Reading:
    """A light trace on dark ground, read as a dark one on light ground where it is an ECG's either way."""
    try:
        return read_single(view, told)
    except EcgError as error:
        if error.code not in ("dark_background", "not_an_ecg"):
            raise
        reading = _inverted_trace(view, told)
        if reading is None or reading.kind == "beat":
            raise
        return replace(reading, kind="screen")


def _inverted_trace(view: View, told: Told) -> Reading | None:
    try:
        return read_single(view.inverted(), told)
    except EcgError:
        return None
