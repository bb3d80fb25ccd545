"""Where a figure was made: versions, machine, commit."""

import os
import platform
import shutil
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

import keras

from worker.training.fitting.devices import accelerators

PACKAGES: Final = ("keras", "tensorflow", "tensorflow-cpu", "jax", "torch", "numpy", "scipy", "wfdb")
_CPU_FACTS: Final = Path("/proc/cpuinfo")


def environment() -> dict[str, Any]:
    """Everything about this process and machine that a figure may depend on."""
    return {
        "python": platform.python_version(),
        "backend": keras.backend.backend(),
        "packages": _versions(),
        "machine": {
            "system": f"{platform.system()} {platform.machine()}",
            "cpu": cpu_name(),
            "cores": cores(),
            "accelerators": list(accelerators()),
            "accelerator_names": accelerator_names(),
        },
        "commit": commit(),
    }


def cores() -> int:
    """Processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def cpu_name() -> str:
    if _CPU_FACTS.is_file():
        for line in _CPU_FACTS.read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


def accelerator_names() -> list[str]:
    return [line.strip() for line in _nvidia("name,memory.total").splitlines() if line.strip()]


def accelerator_utilisation() -> float | None:
    """Mean over the NVIDIA GPUs of the share of time in which they worked; None without one."""
    said = [line.strip() for line in _nvidia("utilization.gpu").splitlines()]
    shares = [int(word.rstrip(" %")) / 100 for word in said if word.rstrip(" %").isdigit()]
    return sum(shares) / len(shares) if shares else None


def commit() -> dict[str, Any] | None:
    """Commit of the working tree that holds this file; None outside one."""
    here = Path(__file__).resolve().parent
    worker = here.parents[1]
    head = _said(["git", "-C", str(here), "rev-parse", "HEAD"]).strip()
    if not head:
        return None
    changed = _said(["git", "-C", str(here), "status", "--porcelain", "--", str(worker)])
    return {"sha": head, "worker_changed": bool(changed.strip())}


def _versions() -> dict[str, str]:
    found = {}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue  # the other backends need not be there
    return found


def _nvidia(query: str) -> str:
    return _said(["nvidia-smi", f"--query-gpu={query}", "--format=csv,noheader"])


def _said(command: list[str]) -> str:
    """What a program prints; nothing where it does not exist or fails."""
    if shutil.which(command[0]) is None:
        return ""
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)  # noqa: S603
    return done.stdout if done.returncode == 0 else ""
