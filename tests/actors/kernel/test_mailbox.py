from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from exmc.actors.kernel.mailbox import NOTHING, Mailbox


class MailboxLaws:
    """Subclass once per mailbox."""

    def empty(self) -> Mailbox[int]:
        return Mailbox()

    def filled(self, *messages: int) -> Mailbox[int]:
        mailbox = self.empty()
        for message in messages:
            mailbox.append(message)
        return mailbox

    def test_messages_come_out_in_arrival_order(self) -> None:
        mailbox = self.filled(1, 2, 3)
        assert [mailbox.popleft() for _ in range(3)] == [1, 2, 3]

    def test_the_oldest_wanted_message_is_taken(self) -> None:
        mailbox = self.filled(1, 2, 3, 4)
        assert mailbox.take(lambda m: m % 2 == 0) == 2

    def test_a_skipped_message_keeps_its_place(self) -> None:
        mailbox = self.filled(1, 2, 3)
        mailbox.take(lambda m: m == 2)
        assert list(mailbox) == [1, 3]

    def test_discarding_keeps_the_order_of_the_rest(self) -> None:
        mailbox = self.filled(1, 2, 3, 4)
        mailbox.discard(lambda m: m % 2 == 0)
        assert list(mailbox) == [1, 3]

    def test_known_messages_are_not_looked_at_again(self) -> None:
        mailbox, seen = self.filled(1, 2, 3), list[int]()

        def wanted(message: int) -> bool:
            seen.append(message)
            return True

        assert mailbox.take(wanted, skip=2) == 3
        assert seen == [3]


class TestMailbox(MailboxLaws):
    pass


class LastInFirstOut(Mailbox[int]):
    def append(self, message: int, /) -> None:
        self.appendleft(message)


LAWS = [name for name in dir(MailboxLaws) if name.startswith("test_")]


@pytest.mark.parametrize("law", LAWS)
def test_every_law_rejects_a_mailbox_that_is_last_in_first_out(law: str) -> None:
    class Broken(MailboxLaws):
        def empty(self) -> Mailbox[int]:
            return LastInFirstOut()

    with pytest.raises(AssertionError):
        getattr(Broken(), law)()


def test_none_is_a_message_and_not_the_absence_of_one() -> None:
    mailbox: Mailbox[int | None] = Mailbox([None])
    assert mailbox.take(lambda m: m is None) is None
    assert mailbox.take(lambda m: m is None) is NOTHING


@given(some.lists(some.integers(0, 9)), some.integers(0, 9))
def test_taking_is_the_first_of_the_wanted_and_leaves_the_rest(
    sent: list[int], wanted: int
) -> None:
    mailbox = Mailbox(sent)
    taken = mailbox.take(lambda m: m == wanted)
    rest = list(sent)
    if wanted in sent:
        rest.remove(wanted)
        assert taken == wanted
    else:
        assert taken is NOTHING
    assert list(mailbox) == rest
