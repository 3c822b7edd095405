from __future__ import annotations

from exmc.actors.server.state_event import EventTimeout, NamedTimeout, StateTimeout


def test_timeouts_of_one_kind_have_one_key() -> None:
    assert StateTimeout("a").key == StateTimeout("b").key
    assert EventTimeout("a").key == EventTimeout("b").key


def test_each_name_is_a_timeout_of_its_own() -> None:
    assert NamedTimeout("n", "a").key == NamedTimeout("n", "b").key
    keys = [StateTimeout().key, EventTimeout().key]
    keys += [NamedTimeout(name).key for name in ("n", "m", StateTimeout)]
    assert len(set(keys)) == len(keys)
