from __future__ import annotations

from exmc.actors.server.callbacks import is_coroutine


async def answered() -> int:
    return 1


def test_what_an_async_callback_returns_is_told_from_any_value() -> None:
    coroutine = answered()
    assert is_coroutine(coroutine)
    coroutine.close()
    assert not any(map(is_coroutine, (None, 1, answered, iter(()))))
