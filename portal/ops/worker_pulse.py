"""Loaded by Celery workers: every heartbeat that Celery sends (2 s) renews the pulse that the portal looks at."""

from typing import Any

from celery.signals import heartbeat_sent, worker_shutting_down
from celery.utils.log import get_task_logger
from redis.exceptions import RedisError

from portal.ops.process_name import process_name
from portal.ops.pulse import Role, pulse_beat, pulse_stop

log = get_task_logger(__name__)


@heartbeat_sent.connect
def renew(**kwargs: Any) -> None:
    try:
        pulse_beat(Role.WORKER, process_name())
    except RedisError as error:  # the broker is away: Celery reconnects by itself, and the next heartbeat tries again
        log.warning("No pulse: the broker does not answer (%s).", type(error).__name__)


@worker_shutting_down.connect
def stop(**kwargs: Any) -> None:
    try:
        pulse_stop(Role.WORKER, process_name())
    except RedisError as error:
        log.warning("The pulse expires by itself: the broker does not answer (%s).", type(error).__name__)
