"""The sweeper: gives lost jobs back to the queue and rings again for those that nobody heard of.

Several may run at once; every change they make is conditional.
"""

import logging
import signal
import threading
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.core.management.base import BaseCommand
from django.db import Error as AnyDatabaseError
from django.db import close_old_connections, connection
from django.utils import timezone
from redis.exceptions import RedisError

from classify.api.idempotency import api_keys_expire
from classify.explanations.queue import explanations_sweep
from classify.jobs import jobs_sweep
from classify.labels.services import exports_sweep
from portal.ops.process_name import process_name
from portal.ops.pulse import Role, pulse_beat, pulse_stop

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Sweeps the queue until it is stopped."

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        log.info("The scheduler is running.")
        scheduler = Scheduler()
        while not stop.is_set():
            scheduler.turn(at=timezone.now())
            stop.wait(settings.SWEEP_EVERY_S)
        scheduler.pulse_end()
        log.info("The scheduler has stopped.")


class Scheduler:
    """Outlives outages: a database or a broker that is away is tried again at the next turn."""

    def __init__(self) -> None:
        self.cleared_on: date | None = None

    def turn(self, *, at: datetime) -> None:
        self.pulse()
        try:
            self.sweep(at=at)
            self.day_end(at=at)
        except AnyDatabaseError as error:
            log.warning("The database does not answer (%s); trying again.", type(error).__name__)
            connection.close()
        close_old_connections()

    def sweep(self, *, at: datetime) -> None:
        swept = jobs_sweep(at=at)
        if swept.requeued or swept.failed:
            log.warning("Gave %d lost jobs back to the queue; %d have failed.", swept.requeued, swept.failed)
        if lost := explanations_sweep(at=at):
            log.warning("Took %d explanations from workers that were lost.", lost)
        exports_sweep(at=at)

    def day_end(self, *, at: datetime) -> None:
        """Once a day: sessions that ran out, and answers that no integrator will ask for again."""
        if self.cleared_on != at.date():
            SessionStore.clear_expired()
            api_keys_expire(at=at)
            self.cleared_on = at.date()

    def pulse(self) -> None:
        try:
            pulse_beat(Role.SCHEDULER, process_name())
        except RedisError as error:
            log.warning("No pulse: the broker does not answer (%s).", type(error).__name__)

    def pulse_end(self) -> None:
        try:
            pulse_stop(Role.SCHEDULER, process_name())
        except RedisError as error:
            log.warning("The pulse expires by itself: the broker does not answer (%s).", type(error).__name__)
