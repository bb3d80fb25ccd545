"""A worker's view of the registry; networks are stand-ins, the real one is loaded in tests/stack."""

from dataclasses import dataclass
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from classify.registry import serving
from classify.registry.health import active_problems
from classify.registry.models import Deployment
from classify.registry.services import model_promote, model_roll_back, shadow_start
from classify.registry.serving import ModelUnavailable, serving_now
from worker.model.registry import read_manifest

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@dataclass
class Loads:
    folders: list[str]
    error: Exception | None = None

    def __call__(self, folder):
        self.folders.append(f"{folder.parent.name}/{folder.name}")
        if self.error:
            raise self.error
        manifest = read_manifest(folder)
        return SimpleNamespace(kind=manifest.kind, identity=manifest.identity)


@pytest.fixture
def loads(monkeypatch):
    monkeypatch.setattr(serving, "_classifiers", {})
    counted = Loads([])
    monkeypatch.setattr(serving, "load", counted)
    return counted


@pytest.fixture
def versions(make_version):
    make_version("beat", "1.0.0")
    return make_version("context", "1.0.0"), make_version("context", "2.0.0", f1=0.9)


@pytest.fixture
def promote(versions, admin_ann_actor):
    def go():
        old, new = versions
        model_promote(actor=admin_ann_actor, candidate=new, instead_of=old.pk, reason="Better", at=NOW)

    return go


def served():
    return serving_now(at=NOW).models.context.identity.version


def test_a_promotion_counts_from_the_next_batch_on_and_so_does_rolling_back(loads, versions, promote, admin_ann_actor):
    begun = serving_now(at=NOW)
    promote()
    assert served() == "2.0.0"
    assert begun.models.context.identity.version == "1.0.0", "what a batch began with it ends with"
    model_roll_back(actor=admin_ann_actor, kind="context", instead_of=versions[1].pk, reason="x", at=NOW)
    assert served() == "1.0.0"


def test_a_network_is_loaded_once_and_asking_again_costs_one_query(loads, versions, django_assert_num_queries):
    serving_now(at=NOW)
    with django_assert_num_queries(1):
        serving_now(at=NOW)
    assert sorted(loads.folders) == ["beat/1.0.0", "context/1.0.0"]


def test_a_network_that_is_not_deployed_any_more_is_forgotten(loads, versions, promote):
    serving_now(at=NOW)
    promote()
    serving_now(at=NOW)
    assert set(serving._classifiers) == set(Deployment.objects.values_list("version", flat=True))


def test_a_missing_file_is_noted_for_the_administrator_and_cleared_when_it_is_back(
    loads, versions, model_folder, caplog
):
    network = model_folder / "context" / "1.0.0" / "network.keras"
    data = network.read_bytes()
    network.unlink()
    with pytest.raises(ModelUnavailable, match="is missing"):
        serving_now(at=NOW)
    row = Deployment.objects.get(kind="context")
    assert (row.problem, row.problem_at) == (
        "the file of beatline-context 1.0.0 is missing (context/1.0.0/network.keras)", NOW,
    )  # fmt: skip
    assert row.problem in caplog.text
    network.write_bytes(data)
    assert served() == "1.0.0"
    assert active_problems() == []


def test_a_network_that_keras_cannot_open_is_said_without_its_text(loads, versions, caplog):
    loads.error = ValueError("Vale, Iris")
    with pytest.raises(ModelUnavailable):
        serving_now(at=NOW)
    assert active_problems() == [
        "Single beats can't be classified: the network of beatline-beat 1.0.0 can't be loaded (ValueError)."
    ]
    assert "Vale" not in caplog.text


def test_without_a_model_in_use_the_worker_says_which_command_helps(loads, db):
    with pytest.raises(ModelUnavailable, match="models_register"):
        serving_now(at=NOW)


def test_a_shadow_is_served_beside_the_models_in_use_and_not_loaded_before_it_is_asked(
    loads, versions, admin_ann_actor
):
    shadow_start(actor=admin_ann_actor, candidate=versions[1], reason="", at=NOW)
    served_now = serving_now(at=NOW)
    assert [row.version for row in served_now.shadows] == [versions[1]]
    assert served_now.active["context"] == versions[0]
    assert "context/2.0.0" not in loads.folders
