from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError

from portal.accounts.access import automatic
from portal.ops.pulse import Role, is_alive
from portal.ops.readiness import readiness_parts


@automatic
@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """The web process answers. Touches nothing else: a database that is down is no reason to restart the web."""
    return JsonResponse({"status": "ok"})


@automatic
@login_not_required
@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Whether an upload sent now would be classified. 503 names what is missing, by part and never by address."""
    broker, database = broker_answers(), database_answers()
    parts = {
        "database": database,
        "broker": broker,
        "worker": broker and is_alive(Role.WORKER),
        "scheduler": broker and is_alive(Role.SCHEDULER),
        **{name: database and is_whole_part(is_whole) for name, is_whole in readiness_parts().items()},
    }
    ready = all(parts.values())
    return JsonResponse({"status": "ok" if ready else "unavailable", **parts}, status=200 if ready else 503)


def is_whole_part(is_whole: Callable[[], bool]) -> bool:
    try:
        return is_whole()
    except DatabaseError:  # its tables are not there yet, say
        return False


def database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def broker_answers() -> bool:
    try:
        cache.get("readyz")
    except RedisError:
        return False
    return True
