"""Signs of life of the processes that nobody can call: workers and schedulers write one, everyone may look.

A pulse is a cache key that expires by itself, so it says nothing about a process that was killed ten minutes ago.
"""

from enum import StrEnum

from django.conf import settings
from django.core.cache import cache


class Role(StrEnum):
    WORKER = "worker"
    SCHEDULER = "scheduler"


def pulse_beat(role: Role, name: str) -> None:
    cache.set_many({_any(role): 1, _one(role, name): 1}, timeout=settings.WORKER_ALIVE_FOR_S)


def pulse_stop(role: Role, name: str) -> None:
    """For an orderly stop; another process of the role brings the shared pulse back with its next beat."""
    cache.delete_many([_any(role), _one(role, name)])


def is_alive(role: Role, name: str = "") -> bool:
    """Whether any process of this role, or the one of this name, gave a sign of life lately."""
    return cache.get(_one(role, name) if name else _any(role)) is not None


def _any(role: Role) -> str:
    return f"pulse:{role}"


def _one(role: Role, name: str) -> str:
    return f"pulse:{role}:{name}"
