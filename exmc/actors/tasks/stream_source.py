"""The items of a stream, one at a time, from an iterable of either kind."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterable, Generator
from typing import TYPE_CHECKING, Generic, TypeVar

from exmc.actors.kernel.mailbox import NOTHING, Nothing

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable, Iterator

A = TypeVar("A")


class Source(Generic[A]):
    """Where items come from.

    Attributes:
        exhausted: There are no more items.
    """

    exhausted = False

    def next_item(self) -> A | Nothing:
        """Return the next item; NOTHING if there is none, or none yet.

        Raises:
            Exception: Whatever the iterable raised.
        """
        raise NotImplementedError

    def close(self) -> None:
        """Ask for nothing more."""

    async def closed(self) -> None:
        """Wait until nothing of the source runs any more, after `close`.

        A generator is closed too, so that what it holds is given back.
        """


class ReadySource(Source[A]):
    """Items that need no waiting for."""

    def __init__(self, items: Iterable[A]) -> None:
        self._items: Iterator[A] = iter(items)

    def next_item(self) -> A | Nothing:
        """Return the next item, or NOTHING after the last one."""
        for item in self._items:
            return item
        self.exhausted = True
        return NOTHING

    async def closed(self) -> None:
        """Close a generator."""
        if isinstance(self._items, Generator):
            self._items.close()


class AwaitedSource(Source[A]):
    """Items that have to be waited for.

    Each one is waited for in an asyncio task of the process that takes it, so that
    results are given out meanwhile.

    Args:
        items: The async iterable.
        arrived: Called when next_item has something new to say.
    """

    def __init__(self, items: AsyncIterable[A], arrived: Callable[[], None]) -> None:
        self._items: AsyncIterator[A] = aiter(items)
        self._arrived = arrived
        self._pull: asyncio.Task[A | Nothing] | None = None

    def next_item(self) -> A | Nothing:
        """Return an item that has come; wait for another if none is waited for."""
        if self.exhausted:
            return NOTHING
        if self._pull is None:
            self._pull = asyncio.ensure_future(following(self._items))
            self._pull.add_done_callback(self._pulled)
            return NOTHING
        if not self._pull.done():
            return NOTHING
        pull, self._pull = self._pull, None
        item = pull.result()
        self.exhausted = item is NOTHING
        return item

    def close(self) -> None:
        """Break off the wait for an item."""
        self.exhausted = True
        if self._pull is not None:
            self._pull.cancel()

    async def closed(self) -> None:
        """Wait until the wait for an item is broken off, and close a generator."""
        if self._pull is not None:
            await asyncio.wait({self._pull})
        if isinstance(self._items, AsyncGenerator):
            await self._items.aclose()

    def _pulled(self, pull: asyncio.Task[A | Nothing]) -> None:
        if not pull.cancelled():
            pull.exception()  # it is raised by next_item; nobody else has to hear of it
        self._arrived()


async def following(items: AsyncIterator[A]) -> A | Nothing:
    """Return the next item, or NOTHING after the last one."""
    async for item in items:
        return item
    return NOTHING


def source_of(
    items: Iterable[A] | AsyncIterable[A], arrived: Callable[[], None]
) -> Source[A]:
    """Return the source of the items of an iterable.

    Args:
        items: An iterable or an async iterable.
        arrived: Called when an item that had to be waited for has come.
    """
    if isinstance(items, AsyncIterable):
        return AwaitedSource(items, arrived)
    return ReadySource(items)
