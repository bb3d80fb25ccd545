"""Waking the worker. The database is the truth and the broker a doorbell: nobody waits for an answer."""

import logging

from django.db import transaction
from kombu.exceptions import KombuError
from kombu.exceptions import OperationalError as BrokerError
from redis.exceptions import RedisError

from portal.celery import app

log = logging.getLogger(__name__)

TASK = "classify.tasks.jobs_work"


def doorbell_ring(task: str = TASK) -> bool:
    """Whether the broker took it. A broker that is away costs nothing but time: the sweeper rings again."""
    try:
        app.send_task(task, retry=False, ignore_result=True)
    except (BrokerError, KombuError, RedisError, OSError) as error:
        log.warning("The doorbell did not ring: the broker does not answer (%s).", type(error).__name__)
        return False
    return True


def doorbell_ring_on_commit(task: str = TASK) -> None:
    transaction.on_commit(lambda: doorbell_ring(task))
