from __future__ import annotations

from exmc.gradient.numbering import live
from exmc.gradient.plain_builder import PlainBuilder
from exmc.gradient.program import FOLDS
from exmc.gradient.rebuild import rebuilt, simplified, uses_of
from exmc.gradient.rules.table import RULES


def test_uses_count_arguments_and_outputs() -> None:
    b = PlainBuilder(3)
    x = b.input()
    square = b.mul(x, x)
    uses = uses_of(live([square]), [square])
    assert (uses[x], uses[square]) == (2, 1)


def test_a_sum_that_only_a_sum_reads_becomes_part_of_it() -> None:
    b = PlainBuilder(4)
    p, q, r, s = (b.view(b.input(), (), at, ()) for at in range(4))
    inner = b.add(p, q)
    _, (alone,), _ = rebuilt(b, [b.add(b.neg(b.add(inner, r)), s)], {})
    assert [term.op for term in alone.args] == ["neg", "neg", "neg", "view"]
    _, (whole, _), _ = rebuilt(b, [b.add(inner, r), inner], {})
    assert whole.args == (inner, r)


def test_a_scalar_multiple_stays_apart() -> None:
    b = PlainBuilder(4)
    s, x = b.view(b.input(), (), 0, ()), b.input()
    _, (product,), _ = rebuilt(b, [b.mul(s, b.mul(x, x))], {})
    assert product.args == (s, b.mul(x, x))


def test_what_nothing_changes_is_not_made_anew() -> None:
    b = PlainBuilder(4, RULES)
    x = b.input()
    outputs = (b.sum(b.mul(x, x)), b.mul(b.const(2.0), x))
    assert rebuilt(b, outputs, RULES)[1] == outputs
    assert simplified(b, outputs, RULES)[1] == outputs


def test_a_chain_of_a_thousand_sums_is_one_sum() -> None:
    b = PlainBuilder(1000)
    total = b.const(0.0)
    for at in range(1000):
        total = b.add(total, b.view(b.input(), (), at, ()))
    _, (found,) = simplified(b, [total], RULES)
    assert len(found.args) == 1000
    assert sum(node.op in FOLDS for node in live([found])) == 1


def test_it_is_known_which_results_are_read_in_parts_only() -> None:
    b = PlainBuilder(6)
    curve = b.make("exp", (b.input(),))
    outer = b.make("sqrt", (curve,))
    left, right = (b.view(outer, (3,), at, (1,)) for at in (0, 3))
    new, _, _ = rebuilt(b, [left, right], {})
    assert new.viewed >= {curve, outer}
    new, _, _ = rebuilt(b, [left, b.view(outer, (4,), 0, (1,))], {})
    assert outer not in new.viewed
    new, _, _ = rebuilt(b, [left, right, b.sum(curve)], {})
    assert curve not in new.viewed
    assert outer in new.viewed
