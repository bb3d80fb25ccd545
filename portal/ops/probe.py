"""Is this process well? Exit status 0 or 1, for container health checks and the launcher.

python -m portal.ops.probe web           # GET /healthz/ on $PORT
python -m portal.ops.probe worker        # the pulse of the worker of this machine
python -m portal.ops.probe scheduler
"""

import http.client
import os
import sys


def main(role: str) -> int:
    well = web_is_well() if role == "web" else pulse_is_fresh(role)
    print(f"{role}: {'well' if well else 'not well'}")
    return 0 if well else 1


def web_is_well(path: str = "/healthz/", timeout_s: float = 3.0) -> bool:
    return web_get(path, timeout_s)[0] == 200


def web_get(path: str, timeout_s: float) -> tuple[int, bytes]:
    """Status and body; status 0 where nothing answers. Asks as the proxy would: by a known host, over HTTPS."""
    host = os.environ.get("ALLOWED_HOSTS", "").split(",")[0].strip().lstrip(".")
    headers = {"Host": host if host and host != "*" else "127.0.0.1", "X-Forwarded-Proto": "https"}
    connection = http.client.HTTPConnection("127.0.0.1", int(os.environ.get("PORT", "8000")), timeout=timeout_s)
    try:
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        return response.status, response.read()
    except (OSError, http.client.HTTPException):
        return 0, b""
    finally:
        connection.close()


def pulse_is_fresh(role: str) -> bool:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    from redis.exceptions import RedisError

    from portal.ops.process_name import process_name
    from portal.ops.pulse import Role, is_alive

    try:
        return is_alive(Role(role), process_name())
    except RedisError:
        return False


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
