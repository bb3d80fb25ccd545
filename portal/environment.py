"""Reading the environment: secrets by value or by file, and the embedded profile's own answers."""

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured


def secret(env: environ.Env, name: str) -> str:
    """The variable's value, or the content of the file that ``<name>_FILE`` names; empty where there is neither."""
    if path := env.str(f"{name}_FILE", ""):
        return Path(path).read_text().strip()
    return env.str(name, "")


def require(env: environ.Env, *names: str) -> None:
    missing = [name for name in names if not secret(env, name)]
    if missing:
        raise ImproperlyConfigured(f"BEATLINE_PROFILE=production needs {', '.join(missing)} in the environment.")


def first_use_secret(path: Path) -> str:
    """A random key that is made once and kept for its owner only.

    Several processes may start at once: the file gets its name only when it is whole, and the first one stays.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        handle, written = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")  # readable by its owner only
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(50))
        with suppress(FileExistsError):
            os.link(written, path)
        os.unlink(written)
    return path.read_text().strip()


def broker_url(env: environ.Env, var_dir: Path) -> str:
    """``REDIS_URL``, else what the embedded broker wrote when it started, else Redis's usual port."""
    if url := secret(env, "REDIS_URL"):
        return url
    written = var_dir / "broker" / "url"
    return written.read_text().strip() if written.exists() else "redis://127.0.0.1:6379/0"
