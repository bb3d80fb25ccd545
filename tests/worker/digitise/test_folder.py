import json

import pytest

from worker.digitise.folder import Source, name_free


def leave(folder, name: str, source: Source) -> None:
    (folder / f"{name}.json").write_text(
        json.dumps({"file": source.file, "sha256": source.sha256, "page": source.page})
    )
    (folder / f"{name}.csv").write_text("")


def test_another_picture_of_that_name_keeps_its_files(tmp_path):
    leave(tmp_path, "ecg", Source("a/ecg.png", "aaa"))
    assert name_free(tmp_path, Source("b/ecg.jpg", "bbb")) == "ecg-2"
    assert (tmp_path / "ecg.csv").exists()


def test_a_file_of_somebody_elses_is_not_overwritten(tmp_path):
    (tmp_path / "ecg.hea").touch()
    assert name_free(tmp_path, Source("ecg.png", "aaa")) == "ecg-2"


def test_the_same_picture_takes_its_own_place_and_leaves_nothing_stale(tmp_path):
    leave(tmp_path, "ecg", Source("other.png", "aaa"))
    leave(tmp_path, "ecg-2", Source("ecg.png", "bbb"))
    assert name_free(tmp_path, Source("moved/ecg.png", "bbb")) == "ecg-2"
    assert not (tmp_path / "ecg-2.csv").exists()


def test_files_that_cannot_be_read_are_told_apart_by_their_path(tmp_path):
    leave(tmp_path, "ecg", Source("a/ecg.png", None))
    assert name_free(tmp_path, Source("b/ecg.png", None)) == "ecg-2"
    assert name_free(tmp_path, Source("a/ecg.png", None)) == "ecg"


@pytest.mark.parametrize(
    ("file", "pages", "name"),
    [("Frau Müller 3.jpg", 1, "Frau_M_ller_3"), ("ü.png", 1, "picture"), ("ward.v2.pdf", 9, "ward_v2-page-4")],
)
def test_names_are_such_that_wfdb_allows(tmp_path, file, pages, name):
    assert name_free(tmp_path, Source(file, "aaa", page=4, pages=pages)) == name
