import pytest

from worker.model.registry import Classifiers, load_active


@pytest.fixture(scope="session")
def models() -> Classifiers:
    """The shipped networks, loaded once."""
    return load_active()
