import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import OperationalError
from django.utils import timezone
from redis.exceptions import ConnectionError as RedisConnectionError

from classify.jobs import jobs_claim
from classify.management.commands import scheduler
from classify.management.commands.scheduler import Scheduler
from classify.models import Job, JobState
from portal.ops.pulse import Role, is_alive
from tests.classify.conftest import NOW

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.django_db(transaction=True)  # the scheduler sees to its connections itself


def test_a_turn_gives_lost_jobs_back(upload: Callable[..., Any]) -> None:
    upload()
    (job,) = jobs_claim(worker="host:1", at=NOW + timedelta(seconds=1))
    Scheduler().turn(at=job.lease_until + timedelta(seconds=1))
    assert Job.objects.get().state == JobState.QUEUED


def test_a_database_that_is_away_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(**kwargs: Any) -> None:
        raise OperationalError

    with monkeypatch.context() as broken:
        broken.setattr(scheduler, "jobs_sweep", away)
        turns = Scheduler()
        turns.turn(at=NOW)
    turns.turn(at=NOW)
    assert turns.cleared_on == NOW.date()


def test_a_broker_that_is_away_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*args: Any) -> None:
        raise RedisConnectionError

    monkeypatch.setattr(scheduler, "pulse_beat", away)
    Scheduler().turn(at=NOW)


def test_a_turn_is_a_sign_of_life() -> None:
    Scheduler().turn(at=NOW)
    assert is_alive(Role.SCHEDULER)


def test_sessions_that_ran_out_go_once_a_day() -> None:
    def expired() -> None:
        Session.objects.create(session_key="a" * 32, session_data="", expire_date=timezone.now() - timedelta(days=1))

    turns = Scheduler()
    expired()
    turns.turn(at=NOW)
    assert not Session.objects.exists()
    expired()
    turns.turn(at=NOW + timedelta(minutes=1))
    assert Session.objects.exists()
    turns.turn(at=NOW + timedelta(days=1))
    assert not Session.objects.exists()


@pytest.mark.stack
def test_sigterm_stops_it_in_good_order(tmp_path: Path) -> None:
    env = {**os.environ, "DATABASE_URL": f"sqlite:///{tmp_path / 'db.sqlite3'}", "SWEEP_EVERY_S": "60"}
    process = subprocess.Popen(
        [sys.executable, "manage.py", "scheduler"], cwd=ROOT, env=env, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    while "is running" not in (line := process.stderr.readline()):
        assert line, "the scheduler ended before it ran"
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "has stopped" in said
