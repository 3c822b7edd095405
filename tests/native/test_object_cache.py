from __future__ import annotations

import errno
import os
import subprocess
import sys
import threading
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

from exmc.native import object_cache
from exmc.native.object_cache import (
    MAGIC,
    STALE,
    ObjectCache,
    default_directory,
    key_of,
)
from tests.native.levels import HERE

CODE = bytes(range(256)) * 40
CALLS = ("open", "read", "write", "close", "stat", "utime", "makedirs", "replace")
MORE_CALLS = ("scandir", "unlink")


@pytest.fixture
def cache(tmp_path: Path) -> ObjectCache:
    return ObjectCache(tmp_path / "objects")


def fails() -> bytes:
    message = "nothing should be made"
    raise AssertionError(message)


def test_what_is_kept_is_not_made_again(cache: ObjectCache) -> None:
    assert cache.made("a", lambda: CODE) == CODE
    assert cache.made("a", fails) == CODE


def test_another_process_finds_it(cache: ObjectCache) -> None:
    cache.put("a", CODE)
    assert ObjectCache(cache.directory).get("a") == CODE


def test_only_the_user_may_read_and_write(cache: ObjectCache) -> None:
    cache.put("a", CODE)
    assert (cache.directory / "a").stat().st_mode & 0o777 == 0o600
    assert cache.directory.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("length", [0, 5, len(MAGIC), len(MAGIC) + 31, 100])
def test_an_entry_that_is_cut_short_is_made_again(
    cache: ObjectCache, length: int
) -> None:
    cache.put("a", CODE)
    entry = cache.directory / "a"
    entry.write_bytes(entry.read_bytes()[:length])
    assert cache.get("a") is None
    assert cache.made("a", lambda: CODE) == CODE
    assert cache.get("a") == CODE


@pytest.mark.parametrize("place", [0, 20, 60, 5000])
def test_an_entry_with_a_flipped_bit_is_made_again(
    cache: ObjectCache, place: int
) -> None:
    cache.put("a", CODE)
    entry = cache.directory / "a"
    content = bytearray(entry.read_bytes())
    content[place] ^= 1
    entry.write_bytes(content)
    assert cache.get("a") is None


def test_the_longest_unused_entries_make_room(tmp_path: Path) -> None:
    size = len(MAGIC) + 32 + len(CODE)
    cache = ObjectCache(tmp_path, capacity=3 * size)
    for age, key in enumerate("abc"):
        cache.put(key, CODE)
        os.utime(tmp_path / key, (1e9 + age, 1e9 + age))
    cache.get("a")
    cache.put("d", CODE)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "c", "d"]


def test_an_entry_larger_than_the_capacity_is_kept_alone(tmp_path: Path) -> None:
    cache = ObjectCache(tmp_path, capacity=10)
    cache.put("a", CODE)
    cache.put("b", CODE)
    assert [path.name for path in tmp_path.iterdir()] == ["b"]


def test_files_of_crashed_writers_go_and_those_of_living_ones_stay(
    cache: ObjectCache,
) -> None:
    cache.put("a", CODE)
    old, new = cache.directory / "x.1.0.part", cache.directory / "y.2.0.part"
    new.write_bytes(b"half")
    old.write_bytes(b"half")
    now = new.stat().st_mtime
    os.utime(old, (now - 2 * STALE, now - 2 * STALE))
    cache.put("b", CODE)
    assert not old.exists()
    assert new.exists()


def test_writers_at_the_same_time_leave_sound_entries(tmp_path: Path) -> None:
    caches = [ObjectCache(tmp_path, capacity=200_000) for _ in range(8)]
    found: list[bytes] = []

    def work(cache: ObjectCache) -> None:
        for step in range(20):
            key = str(step % 5)
            found.append(cache.made(key, lambda: CODE))

    threads = [threading.Thread(target=work, args=(cache,)) for cache in caches]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [CODE] * 160
    assert all(caches[0].get(str(key)) == CODE for key in range(5))
    assert list(tmp_path.glob("*.part")) == []


@pytest.mark.slow
def test_processes_that_race_leave_a_sound_entry(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "from exmc.native.object_cache import ObjectCache\n"
        "cache = ObjectCache(Path(sys.argv[1]))\n"
        "for n in range(200): cache.put('a', bytes([n]) * 5000)\n"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    racers = [subprocess.Popen(command) for _ in range(3)]
    cache = ObjectCache(tmp_path)
    while any(racer.poll() is None for racer in racers):
        kept = cache.get("a")
        assert kept is None or len(set(kept)) == 1
    assert [racer.returncode for racer in racers] == [0, 0, 0]
    assert len(cache.get("a") or b"") == 5000


def test_a_directory_that_cannot_be_made_is_done_without_and_warned_of_once(
    tmp_path: Path,
) -> None:
    (tmp_path / "file").write_text("")
    cache = ObjectCache(tmp_path / "file" / "objects")
    with pytest.warns(UserWarning, match="Compiled code cannot be kept in .*file"):
        assert cache.made("a", lambda: CODE) == CODE
    assert cache.made("a", lambda: CODE) == CODE
    assert ObjectCache(cache.directory).made("b", lambda: CODE) == CODE


def test_a_directory_that_cannot_be_written_to_is_done_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(*_: object) -> NoReturn:
        # Rights do not keep root, who runs many a gate, from writing.
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(object_cache, "_write", denied)
    with pytest.warns(UserWarning, match="Permission denied"):
        assert ObjectCache(tmp_path).made("a", lambda: CODE) == CODE


def test_a_directory_that_others_may_write_to_is_not_trusted(tmp_path: Path) -> None:
    cache = ObjectCache(tmp_path)
    cache.put("a", CODE)
    tmp_path.chmod(0o777)
    assert cache.get("a") is None
    with pytest.warns(UserWarning, match="others may write to it"):
        cache.put("b", CODE)


# --- the k-th call of the operating system fails -----------------------------------


class FailingOs:
    """The module os, of whose calls one fails; a write that fails writes half."""

    def __init__(self, fails_at: int) -> None:
        self.calls = 0
        self.fails_at = fails_at

    def __getattr__(self, name: str) -> object:
        real: Callable[..., object] = getattr(os, name)
        if name not in CALLS + MORE_CALLS:
            return real

        def call(*args: object, **kwargs: object) -> object:
            self.calls += 1
            if self.calls != self.fails_at:
                return real(*args, **kwargs)
            if name == "write":
                real(args[0], bytes(args[1])[:100])  # type: ignore[call-overload]
            if name == "close":
                real(*args)
            raise OSError(28, "No space left on device")

        return call


def scenario(cache: ObjectCache) -> None:
    """Make, find, replace and evict; every answer must be right."""
    assert cache.made("a", lambda: CODE) == CODE
    assert cache.made("a", lambda: CODE) == CODE
    assert cache.made("b", lambda: CODE[:7000]) == CODE[:7000]
    assert cache.made("a", lambda: CODE) == CODE


def calls_of_a_scenario(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    counting = FailingOs(0)
    monkeypatch.setattr(object_cache, "os", counting)
    scenario(ObjectCache(tmp_path / "counted", capacity=12_000))
    return counting.calls


def test_whichever_call_fails_every_answer_is_right_and_what_is_kept_is_sound(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    total = calls_of_a_scenario(tmp_path, monkeypatch)
    assert total > 30
    for k in range(1, total + 1):
        directory = tmp_path / str(k)
        monkeypatch.setattr(object_cache, "os", FailingOs(k))
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            scenario(ObjectCache(directory, capacity=12_000))
        assert len(caught) <= 1
        monkeypatch.setattr(object_cache, "os", os)
        after = ObjectCache(directory)
        assert after.get("a") in (None, CODE)
        assert after.get("b") in (None, CODE[:7000])
        scenario(after)


# --- keys --------------------------------------------------------------------------


@pytest.mark.native
def test_a_key_depends_on_every_text_and_where_one_ends() -> None:
    keys = {key_of("ab", "c"), key_of("a", "bc"), key_of("abc"), key_of("ab", "d")}
    assert len(keys) == 4
    assert key_of("ab", "c") == key_of("ab", "c")


@pytest.mark.native
def test_a_new_version_of_exmc_makes_its_own_entries(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = key_of("a")
    monkeypatch.setattr(object_cache, "__version__", "999")
    assert key_of("a") != before


@pytest.mark.native
def test_levels_have_entries_of_their_own(cache: ObjectCache) -> None:
    text = "define double @f(double %x) {\n  ret double %x\n}\n"
    files = [cache.compiled(text, level) for level in (*HERE, HERE[0])]
    assert files[0] == files[-1]
    assert len(list(cache.directory.iterdir())) == len(HERE)


def test_the_users_cache_directory_is_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "/somewhere")
    assert default_directory() == Path("/somewhere/exmc/objects")
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert default_directory() == Path.home() / ".cache/exmc/objects"


def test_a_user_without_a_home_has_a_cache_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless() -> Path:
        raise RuntimeError("no home")

    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(Path, "home", homeless)
    assert str(os.geteuid()) in str(default_directory())
