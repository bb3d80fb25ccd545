"""Whether anyone is there to do the work."""

from redis.exceptions import RedisError

from portal.ops.pulse import Role, is_alive


def worker_alive() -> bool:
    """Whether a worker gave a sign of life lately. No broker, no sign: nothing is classified then either."""
    try:
        return is_alive(Role.WORKER)
    except RedisError:
        return False
