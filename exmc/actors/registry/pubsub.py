"""Topics that processes subscribe to, and messages for all who have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exmc.actors.process.signals import send
from exmc.actors.registry.registry import Registry, entries_of

if TYPE_CHECKING:
    from collections.abc import Hashable

    from exmc.actors.pid import Pid
    from exmc.actors.process.here import Address


class PubSub(Registry):
    """A registry with duplicate keys, whose keys are topics: Phoenix's PubSub.

    A broadcast only puts the message into mailboxes. So a subscriber that is slow,
    stuck or dead changes nothing for the publisher or for the other subscribers.

    Args:
        name: What it registers itself under.
    """

    def __init__(self, name: str | None = None) -> None:
        super().__init__(name, keys="duplicate")

    @staticmethod
    def subscribe(pubsub: Address, topic: Hashable) -> None:
        """Let the running process receive what is broadcast to a topic.

        Who subscribes twice receives everything twice.

        Raises:
            NoProcessError: There is no such pubsub.
            BadAddressError: It is not a pubsub.
        """
        Registry.register(pubsub, topic)

    @staticmethod
    def unsubscribe(pubsub: Address, topic: Hashable) -> None:
        """End all the running process's subscriptions to a topic; raises as subscribe.

        What was broadcast before stays in its mailbox.
        """
        Registry.unregister(pubsub, topic)

    @staticmethod
    def broadcast(pubsub: Address, topic: Hashable, message: object) -> None:
        """Send a message to all subscribers of a topic; raises as subscribe.

        It travels by reference: freeze or copy what you send.
        """
        for entry in entries_of(pubsub).lookup(topic):
            send(entry.pid, message)

    @staticmethod
    def broadcast_from(
        pubsub: Address, sender: Pid, topic: Hashable, message: object
    ) -> None:
        """Send a message to all subscribers but one; raises as subscribe."""
        for entry in entries_of(pubsub).lookup(topic):
            if entry.pid is not sender:
                send(entry.pid, message)

    @staticmethod
    def subscribers(pubsub: Address, topic: Hashable) -> tuple[Pid, ...]:
        """Return who has subscribed, as often as they have; raises as subscribe."""
        return tuple(entry.pid for entry in entries_of(pubsub).lookup(topic))
