import stat
from pathlib import Path

import pytest
import redis

from portal.ops import broker
from tests.support.services import OwnBroker


def test_the_embedded_broker_keeps_its_data_when_it_is_killed(tmp_path: Path) -> None:
    server = OwnBroker(broker.program_embedded(), tmp_path).start()
    try:
        client = redis.Redis.from_url(server.url)
        client.rpush("ecg", *range(50))
        client.execute_command("WAITAOF", 1, 0, 5000)
        server.kill()
        assert not broker.answers(server.url)
        server.start()
        assert client.llen("ecg") == 50
    finally:
        server.stop()


def test_the_broker_lets_nobody_in_without_its_password(own_broker: OwnBroker) -> None:
    without_password = "redis://" + own_broker.url.split("@")[1]
    assert broker.answers(own_broker.url)
    with pytest.raises(redis.AuthenticationError):
        redis.Redis.from_url(without_password).ping()


def test_only_its_owner_can_read_the_brokers_password(own_broker: OwnBroker) -> None:
    conf = Path(own_broker.child.command[1])
    assert stat.S_IMODE(conf.stat().st_mode) == 0o600


def test_data_that_another_server_wrote_is_set_aside_and_not_deleted(tmp_path: Path) -> None:
    program = broker.BrokerProgram("/nowhere/redis-server", "redis-server")
    (tmp_path / "redis-server").mkdir()
    (tmp_path / "redis-server" / "dump").write_text("newer than I can read")
    broker.data_set_aside(program, tmp_path)
    assert (tmp_path / "redis-server.unreadable" / "dump").read_text() == "newer than I can read"
    assert not (tmp_path / "redis-server").exists()
