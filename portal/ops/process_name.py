import os
import socket


def process_name() -> str:
    """The machine's (or container's) name, with ``BEATLINE_NAME`` where one machine runs several of a role."""
    return os.environ.get("BEATLINE_NAME") or socket.gethostname()
