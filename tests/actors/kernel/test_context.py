from __future__ import annotations

import contextvars

from exmc.actors.kernel.context import bare, inherited, is_bare

who: contextvars.ContextVar[str] = contextvars.ContextVar("who")
what: contextvars.ContextVar[int] = contextvars.ContextVar("what")


def test_a_bare_context_says_who_runs_and_nothing_else() -> None:
    context = bare(who, "me")
    assert dict(context) == {who: "me"}
    assert is_bare(context)


def test_nothing_is_inherited_of_a_context_that_only_says_who_runs() -> None:
    assert bare(who, "parent").run(inherited, who, "child") is None
    assert contextvars.Context().run(inherited, who, "child") is None


def test_what_is_set_is_inherited_but_not_who_runs() -> None:
    parents = bare(who, "parent")
    parents.run(what.set, 1)
    assert not is_bare(parents)
    context = parents.run(inherited, who, "child")
    assert context is not None
    assert dict(context) == {who: "child", what: 1}
    context.run(what.set, 2)
    assert parents[what] == 1
