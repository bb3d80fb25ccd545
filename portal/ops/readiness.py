"""Further parts of /readyz/: an app says in its ``ready()`` what must be whole for an upload to be classified."""

from collections.abc import Callable, Mapping

_parts: dict[str, Callable[[], bool]] = {}


def readiness_part_add(name: str, is_whole: Callable[[], bool]) -> None:
    """``is_whole`` asks the database and files, raises nothing but a database's error, and is quick."""
    _parts[name] = is_whole


def readiness_parts() -> Mapping[str, Callable[[], bool]]:
    return _parts
