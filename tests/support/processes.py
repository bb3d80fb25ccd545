"""Looking at the machine's processes, to tell who is left over."""

from pathlib import Path


def processes_with(variable: str, value: str) -> dict[int, str]:
    """Living processes that were started with this environment variable: their ids and command lines (Linux only)."""
    wanted = f"{variable}={value}".encode()
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and wanted in environment_of(entry):
            found[int(entry.name)] = command_of(entry)
    return found


def environment_of(entry: Path) -> list[bytes]:
    try:
        return (entry / "environ").read_bytes().split(b"\0")
    except OSError:  # gone meanwhile, a zombie, or somebody else's
        return []


def command_of(entry: Path) -> str:
    try:
        return (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    except OSError:
        return ""
