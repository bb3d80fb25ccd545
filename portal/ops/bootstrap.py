"""Makes ``.venv`` from a hash-locked requirements file, in words a newcomer can act on.

Runs before anything is installed and under whatever ``python3`` there is, even one that is too old: standard library
only, and no syntax newer than Python 3.6.

    python3 portal/ops/bootstrap.py worker    # what runs: web, worker, scheduler
    python3 portal/ops/bootstrap.py dev       # the same, and what tests and checks need
"""

import fcntl
import hashlib
import importlib.util
import os
import platform
import shutil
import signal
import subprocess
import sys
import sysconfig

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
VENV = os.path.join(ROOT, ".venv")
LOCKS = {"worker": "requirements/worker.txt", "dev": "requirements.txt"}
NEEDED_BYTES = 3500 * 1000 * 1000
PLATFORMS = {("Linux", "x86_64"), ("Linux", "aarch64"), ("Darwin", "arm64")}


class CannotInstall(Exception):
    """Says in one sentence what is in the way and what to do about it."""


def main(wanted: str) -> int:
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)  # as Ctrl-C: no pip is left behind
    try:
        check_machine(platform.system(), platform.machine())
        check_python(sys.version_info[:2])
        with open(os.path.join(ROOT, ".stamp-install.lock"), "w") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)  # two makes at once: the second waits and then finds all done
            install(wanted)
    except CannotInstall as error:
        return say_why(str(error))
    except OSError as error:
        return say_why(f"{error.strerror} ({error.filename or ROOT})")
    except KeyboardInterrupt:
        return say_why("stopped; the next run goes on from here.")
    return 0


def say_why(sentence: str) -> int:
    print("Beatline cannot be installed: " + sentence, file=sys.stderr)
    return 1


def check_machine(system: str, machine: str) -> None:
    if (system, machine) not in PLATFORMS:
        raise CannotInstall(
            "it runs on Linux (x86-64, arm64) and macOS (arm64), where TensorFlow has packages; "
            f"this is {system} {machine}. On Windows, use WSL 2."
        )
    if system == "Linux" and platform.libc_ver()[0] != "glibc":
        raise CannotInstall("TensorFlow has packages for Linux with glibc (Debian, Ubuntu, Fedora …), not for musl.")


def check_python(version: "tuple[int, int]") -> None:
    found = "{}.{} ({})".format(*version, sys.executable)
    if not (3, 11) <= version <= (3, 13):
        raise CannotInstall(
            f"it needs Python 3.11, 3.12 or 3.13 and found {found}. Install one of them, "
            "or name it: make demo PYTHON=/path/to/python3.12"
        )
    if sys.maxsize < 2**32 or sysconfig.get_config_var("Py_GIL_DISABLED"):
        raise CannotInstall(f"it needs an ordinary 64-bit Python; {found} is not one.")
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        raise CannotInstall(
            "Python {} comes without venv. On Debian and Ubuntu: apt install python{}.{}-venv".format(found, *version)
        )


def install(wanted: str) -> None:
    if is_installed(wanted):
        return
    if not os.path.exists(VENV):
        check_space(shutil.disk_usage(ROOT).free)
    if not venv_works():
        make_venv()
    lock = os.path.join(ROOT, LOCKS[wanted])
    install_lock(lock)
    with open(stamp_path(wanted), "w") as stamp:
        stamp.write(checksum(lock))


def is_installed(wanted: str) -> bool:
    """Whether this set, or the larger one that holds it, was installed from the lock as it is now."""
    return venv_works() and any(has_stamp(name) for name in {wanted, "dev"})


def has_stamp(name: str) -> bool:
    if not os.path.exists(stamp_path(name)):
        return False
    with open(stamp_path(name)) as stamp:
        return stamp.read() == checksum(os.path.join(ROOT, LOCKS[name]))


def stamp_path(name: str) -> str:
    return os.path.join(VENV, ".installed-" + name)


def checksum(path: str) -> str:
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def venv_python() -> str:
    return os.path.join(VENV, "bin", "python")


def venv_works() -> bool:
    """False also for an environment that was copied, or whose Python has since been removed."""
    check = f"import sys, pip; sys.exit(sys.prefix != {VENV!r} or not (3, 11) <= sys.version_info[:2] <= (3, 13))"
    try:
        return subprocess.call([venv_python(), "-c", check], stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


def check_space(free: int) -> None:
    if free < NEEDED_BYTES:
        raise CannotInstall(
            f"the packages take {NEEDED_BYTES / 1e9:.1f} GB and {free / 1e9:.1f} GB are free in {ROOT}."
        )


def make_venv() -> None:
    print(f"Making .venv with Python {platform.python_version()} …", flush=True)
    status, said = run([sys.executable, "-m", "venv", "--clear", VENV])
    if status:
        raise CannotInstall("python -m venv failed: " + last_words(said))


def install_lock(lock: str) -> None:
    with open(lock) as file:
        packages = sum("==" in line and not line.startswith((" ", "#")) for line in file)
    print(f"Installing about {packages} packages; the first time takes minutes …", flush=True)
    command = [venv_python(), "-m", "pip", "install", "--require-hashes", "--no-input", "--progress-bar", "off"]
    status, said = run([*command, "-r", lock])
    if status:
        raise CannotInstall(pip_failure(said))


def run(command: "list[str]") -> "tuple[int, list[str]]":
    """Exit status and everything it said; on a terminal, one line shows where it is."""
    said, shown = [], sys.stdout.isatty()
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        for line in process.stdout or ():
            said.append(line.rstrip())
            if shown and line.startswith(("Collecting", "  Downloading", "Installing")):
                print("\r\033[K  " + line.strip()[:70], end="", flush=True)
    except KeyboardInterrupt:
        os.killpg(process.pid, signal.SIGKILL)  # with whatever it started
        raise
    finally:
        if shown:
            print("\r\033[K", end="", flush=True)
    return process.wait(), said


def pip_failure(said: "list[str]") -> str:
    text = "\n".join(said)
    if "No space left on device" in text or "Disk quota exceeded" in text:
        return f"the disk is full. Free about {NEEDED_BYTES / 1e9:.1f} GB for {ROOT} and run it again."
    if "NewConnectionError" in text or "ReadTimeoutError" in text or "ConnectionError" in text:
        return "the packages could not be downloaded; check the network or pip's index settings, and run it again."
    return "pip failed. " + last_words(said)


def last_words(said: "list[str]") -> str:
    return "It said: " + " / ".join(line.strip() for line in said[-6:] if line.strip())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
