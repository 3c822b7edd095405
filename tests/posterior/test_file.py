"""A posterior on disk."""

from __future__ import annotations

import os
import zipfile
from typing import TYPE_CHECKING

import msgspec
import numpy as np
import pytest

from exmc.errors import PosteriorFileError
from exmc.posterior import Posterior
from exmc.posterior.file import VERSION
from tests.posterior.runs import META, a_posterior

if TYPE_CHECKING:
    from pathlib import Path


def saved(path: Path) -> bytes:
    a_posterior((3, 2)).save(path / "run.npz")
    return (path / "run.npz").read_bytes()


def test_a_folder_that_is_not_there_is_named_not_the_unfinished_file(
    tmp_path: Path,
) -> None:
    with pytest.raises(FileNotFoundError, match="make it first") as caught:
        a_posterior((3, 2)).save(tmp_path / "gone" / "run.npz")
    assert caught.value.filename == str(tmp_path / "gone")


def test_everything_comes_back(tmp_path: Path) -> None:
    posterior = a_posterior((10, 7))
    posterior.save(tmp_path / "run.npz")
    loaded = Posterior.load(tmp_path / "run.npz")
    assert loaded.digest() == posterior.digest()
    assert loaded.schema == posterior.schema
    assert loaded.lengths == (10, 7)
    assert loaded.partial
    assert loaded.meta.options == META.options
    assert loaded.meta.versions == META.versions
    for name in posterior:
        np.testing.assert_array_equal(loaded[name], posterior[name])
    np.testing.assert_array_equal(
        loaded.warmup_stats["lp"], posterior.warmup_stats["lp"]
    )


def test_what_was_adapted_comes_back_bit_for_bit(tmp_path: Path) -> None:
    saved(tmp_path)
    loaded = Posterior.load(tmp_path / "run.npz").meta.adaptation
    for ours, theirs in zip(META.adaptation, loaded, strict=True):
        assert list(ours) == list(theirs)
        for name, array in ours.items():
            assert theirs[name].dtype == array.dtype
            assert theirs[name].tobytes() == array.tobytes()


def test_numpy_reads_it_without_pickle(tmp_path: Path) -> None:
    saved(tmp_path)
    with np.load(tmp_path / "run.npz", allow_pickle=False) as archive:
        assert archive["draw_0"].shape == (3, 15)
        assert archive["posterior.json"].startswith(b'{"format":"exmc-posterior"')


def test_loaded_draws_cannot_be_written(tmp_path: Path) -> None:
    saved(tmp_path)
    positions = Posterior.load(tmp_path / "run.npz").chain(0).positions
    assert not positions.flags.writeable


def test_options_that_are_numpy_numbers_are_saved_as_numbers(tmp_path: Path) -> None:
    options = {"target_accept": np.float64(0.9), "at": np.array([1, 2])}
    meta = msgspec.structs.replace(META, options=options)
    a_posterior(meta=meta).save(tmp_path / "run.npz")
    loaded = Posterior.load(tmp_path / "run.npz")
    assert loaded.meta.options == {"target_accept": 0.9, "at": [1, 2]}


def test_a_failed_save_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = saved(tmp_path)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        a_posterior((10, 10)).save(tmp_path / "run.npz")
    assert (tmp_path / "run.npz").read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["run.npz"]


def test_a_save_replaces_what_was_there(tmp_path: Path) -> None:
    saved(tmp_path)
    a_posterior((10, 10)).save(tmp_path / "run.npz")
    assert Posterior.load(tmp_path / "run.npz").lengths == (10, 10)
    assert [p.name for p in tmp_path.iterdir()] == ["run.npz"]


def test_a_missing_file_is_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Posterior.load(tmp_path / "nothing.npz")


@pytest.mark.parametrize("data", [b"", b"hello", b"PK\x03\x04" + bytes(100)])
def test_alien_bytes_are_refused_by_path(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "alien.npz"
    path.write_bytes(data)
    with pytest.raises(PosteriorFileError, match=r"^.*alien\.npz is not a posterior s"):
        Posterior.load(path)


def test_another_archive_of_arrays_is_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "other.npz", x=np.zeros(3))
    with pytest.raises(
        PosteriorFileError, match=r"^.*other\.npz is not a .*posterior\."
    ):
        Posterior.load(tmp_path / "other.npz")


def test_a_flipped_bit_is_refused_or_harmless(tmp_path: Path) -> None:
    """Harmless are the bits that nobody reads, such as a member's time."""
    data, refused = saved(tmp_path), 0
    path, digest = tmp_path / "flipped.npz", a_posterior((3, 2)).digest()
    for position in range(0, len(data), 23):
        flipped = bytearray(data)
        flipped[position] ^= 0x55
        path.write_bytes(flipped)
        try:
            assert Posterior.load(path).digest() == digest
        except PosteriorFileError:
            refused += 1
    assert refused > 0.8 * len(data) / 23


def test_a_file_cut_short_is_refused(tmp_path: Path) -> None:
    data = saved(tmp_path)
    for size in range(0, len(data), 97):
        (tmp_path / "short.npz").write_bytes(data[:size])
        with pytest.raises(PosteriorFileError, match=r"short\.npz is not a posterior"):
            Posterior.load(tmp_path / "short.npz")


def rewritten(path: Path, old: bytes, new: bytes) -> None:
    """Change the document and keep every CRC right."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members["posterior.json"] = members["posterior.json"].replace(old, new)
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)


def test_another_version_is_refused_with_both_numbers(tmp_path: Path) -> None:
    saved(tmp_path)
    rewritten(tmp_path / "run.npz", b'"version":1', b'"version":99,"new":[]')
    assert VERSION == 1
    with pytest.raises(
        PosteriorFileError, match=r"its version is 99, this exmc reads 1\.$"
    ):
        Posterior.load(tmp_path / "run.npz")


def test_columns_that_do_not_fit_the_schema_are_refused(tmp_path: Path) -> None:
    saved(tmp_path)
    rewritten(tmp_path / "run.npz", b'"dim":4', b'"dim":5')
    with pytest.raises(
        PosteriorFileError, match=r"tune_0 has .* its schema has 16 columns\.$"
    ):
        Posterior.load(tmp_path / "run.npz")


def test_an_object_is_refused(tmp_path: Path) -> None:
    saved(tmp_path)
    with zipfile.ZipFile(tmp_path / "run.npz") as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    np.save(tmp_path / "o.npy", np.array([{}], dtype=object))
    members["draw_0.npy"] = (tmp_path / "o.npy").read_bytes()
    with zipfile.ZipFile(tmp_path / "run.npz", "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    with pytest.raises(PosteriorFileError, match=r"run\.npz is not a posterior saved"):
        Posterior.load(tmp_path / "run.npz")
