import shutil

import numpy as np
import pytest

from worker.ecg.beats import Strip
from worker.model.classifier import Classifier
from worker.model.registry import ArtifactError, artifact_folder, load_active


@pytest.fixture(scope="module")
def classifiers():
    return load_active()


def random_trace(seed, samples=150):
    return np.cumsum(np.random.default_rng(seed).normal(size=samples))


def random_strip(seed, beats, fs=125.0):
    rng = np.random.default_rng(seed)
    return Strip(rng.normal(size=100 * (beats + 1)), fs, 100 * np.arange(1, beats + 1))


def test_each_crop_gets_five_probabilities_that_sum_to_one(classifiers):
    probabilities = classifiers.beat.classify_crops([random_trace(seed, 40 + 7 * seed) for seed in range(41)])
    assert probabilities.shape == (41, 5)
    assert np.allclose(probabilities.sum(axis=1), 1)
    assert (probabilities >= 0).all()


def test_each_beat_of_each_strip_gets_five_probabilities(classifiers):
    answers = classifiers.context.classify_strips([random_strip(1, 12), random_strip(2, 1, None), random_strip(3, 40)])
    assert [answer.shape for answer in answers] == [(12, 5), (1, 5), (40, 5)]
    assert all(np.allclose(answer.sum(axis=1), 1) for answer in answers)


def test_the_company_in_a_batch_does_not_change_an_answer(classifiers):
    alone = classifiers.context.classify_strips([random_strip(5, 3)])[0]
    together = classifiers.context.classify_strips([random_strip(4, 35), random_strip(5, 3)])[1]
    assert np.allclose(alone, together, atol=1e-4)


def test_nothing_in_nothing_out(classifiers):
    assert classifiers.beat.classify_crops([]).shape == (0, 5)
    assert classifiers.context.classify_strips([]) == []
    no_beats = Strip(np.zeros(500), 100.0, np.array([], dtype=int))
    assert classifiers.context.classify_strips([no_beats])[0].shape == (0, 5)


def test_each_artifact_answers_only_for_its_own_input(classifiers):
    with pytest.raises(ArtifactError, match="context"):
        classifiers.beat.classify_strips([random_strip(1, 3)])
    with pytest.raises(ArtifactError, match="beat"):
        classifiers.context.classify_crops([random_trace(1)])


def test_a_tampered_network_is_not_loaded(tmp_path):
    folder = shutil.copytree(artifact_folder("beat"), tmp_path / "artifact")
    content = bytearray((folder / "network.keras").read_bytes())
    content[len(content) // 2] ^= 1
    (folder / "network.keras").write_bytes(bytes(content))
    with pytest.raises(ArtifactError, match="sha256"):
        Classifier.load(folder)
