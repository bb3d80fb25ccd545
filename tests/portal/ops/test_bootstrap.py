import pytest

from portal.ops import bootstrap


@pytest.mark.parametrize("machine", [("Linux", "x86_64"), ("Darwin", "arm64")])
def test_a_machine_that_tensorflow_has_packages_for_is_taken(machine, monkeypatch) -> None:
    monkeypatch.setattr(bootstrap.platform, "libc_ver", lambda: ("glibc", "2.36"))
    bootstrap.check_machine(*machine)


@pytest.mark.parametrize("machine", [("Windows", "AMD64"), ("Darwin", "x86_64"), ("Linux", "riscv64")])
def test_another_machine_gets_a_sentence(machine) -> None:
    with pytest.raises(bootstrap.CannotInstall, match=f"this is {machine[0]} {machine[1]}"):
        bootstrap.check_machine(*machine)


def test_linux_without_glibc_gets_a_sentence(monkeypatch) -> None:
    monkeypatch.setattr(bootstrap.platform, "libc_ver", lambda: ("", ""))
    with pytest.raises(bootstrap.CannotInstall, match="musl"):
        bootstrap.check_machine("Linux", "x86_64")


@pytest.mark.parametrize("version", [(3, 9), (3, 10), (3, 14)])
def test_an_unsuitable_python_gets_a_sentence_that_names_it(version) -> None:
    with pytest.raises(bootstrap.CannotInstall, match=rf"found {version[0]}\.{version[1]} .*PYTHON="):
        bootstrap.check_python(version)


@pytest.mark.parametrize("version", [(3, 11), (3, 12), (3, 13)])
def test_a_suitable_python_is_taken(version) -> None:
    bootstrap.check_python(version)


def test_a_python_without_venv_gets_a_sentence(monkeypatch) -> None:
    monkeypatch.setattr(bootstrap.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(bootstrap.CannotInstall, match=r"apt install python3\.12-venv"):
        bootstrap.check_python((3, 12))


def test_too_little_space_is_said_before_anything_is_installed() -> None:
    with pytest.raises(bootstrap.CannotInstall, match=r"take 3\.5 GB and 0\.9 GB are free"):
        bootstrap.check_space(900_000_000)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "the disk is full"),
        ("ReadTimeoutError: HTTPSConnectionPool(host='…')", "could not be downloaded"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES", "DO NOT MATCH THE HASHES"),
    ],
)
def test_what_pip_says_becomes_a_sentence(said, sentence) -> None:
    assert sentence in bootstrap.pip_failure(["Collecting django", said])


def test_the_environment_counts_as_installed_only_while_the_lock_is_the_same(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(bootstrap, "VENV", str(tmp_path))
    monkeypatch.setattr(bootstrap, "ROOT", str(tmp_path))
    monkeypatch.setattr(bootstrap, "LOCKS", {"worker": "worker.txt", "dev": "dev.txt"})
    monkeypatch.setattr(bootstrap, "venv_works", lambda: True)
    for name in ("worker.txt", "dev.txt"):
        (tmp_path / name).write_text("django==5.2")
    assert not bootstrap.is_installed("worker")
    (tmp_path / ".installed-dev").write_text(bootstrap.checksum(str(tmp_path / "dev.txt")))
    assert bootstrap.is_installed("worker"), "the larger set holds the smaller"
    (tmp_path / "dev.txt").write_text("django==5.3")
    assert not bootstrap.is_installed("dev")


def test_the_smaller_lock_holds_nothing_that_the_complete_one_does_not() -> None:
    def pins(name: str) -> set[str]:
        with open(f"{bootstrap.ROOT}/{name}") as lock:
            return {line.split(" ")[0] for line in lock if "==" in line and not line.startswith((" ", "#"))}

    complete = pins("requirements.txt")
    assert pins("requirements/web.txt") <= pins("requirements/worker.txt") <= complete
    assert not {pin for pin in pins("requirements/web.txt") if pin.startswith(("numpy", "tensorflow", "keras"))}
