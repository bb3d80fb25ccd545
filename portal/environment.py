"""Reading the environment: secrets by value or by file, and the embedded profile's own answers."""

import os
import secrets
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
    """A random key that is made once and kept for its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(50))
    return path.read_text().strip()


def broker_url(env: environ.Env, var_dir: Path) -> str:
    """``REDIS_URL``, else what the embedded broker wrote when it started, else Redis's usual port."""
    if url := secret(env, "REDIS_URL"):
        return url
    written = var_dir / "broker" / "url"
    return written.read_text().strip() if written.exists() else "redis://127.0.0.1:6379/0"
