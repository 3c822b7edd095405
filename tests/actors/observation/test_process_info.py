from __future__ import annotations

import re
from dataclasses import replace

from exmc.actors.observation.process_info import ProcessInfo, table, tree
from exmc.actors.pid import Pid

IDLE = ProcessInfo(
    pid=Pid(0),
    name=None,
    kind="Root",
    ancestors=(),
    status="idle",
    where=None,
    mailbox=0,
    reductions=0,
    busy_s=None,
    links=(),
    monitors=(),
    monitored_by=(),
    restarts=None,
)


def info(number: int, kind: str, *ancestors: ProcessInfo) -> ProcessInfo:
    pids = tuple(ancestor.pid for ancestor in ancestors)
    return replace(IDLE, pid=Pid(number), kind=kind, ancestors=pids)


SHOP = info(1, "Supervisor", IDLE)
TILL = info(2, "Till", SHOP, IDLE)
CASH = info(3, "Cash", TILL, SHOP, IDLE)
DOOR = info(4, "Door", SHOP, IDLE)


def test_a_table_has_a_line_for_each_process_and_columns_that_line_up() -> None:
    till = replace(
        TILL,
        name="till",
        status="suspended",
        where="shop.py:12 in handle_call > price:31",
        mailbox=120,
        reductions=31_000,
        busy_s=1.25,
        links=(SHOP.pid, DOOR.pid),
        restarts=3,
    )
    header, first, second = table([SHOP, till]).splitlines()
    assert first.split() == [
        "<0.1>",
        "-",
        "Supervisor",
        "idle",
        "0",
        "0",
        "-",
        "0",
        "-",
        "-",
    ]
    assert re.split(r"  +", second) == [
        "<0.2>",
        "till",
        "Till",
        "suspended",
        "120",
        "31000",
        "1.250",
        "2",
        "3",
        "shop.py:12 in handle_call > price:31",
    ]
    for name, cell in (("kind", "Till"), ("restarts", "3"), ("where", "shop.py")):
        assert header.index(name) == second.index(cell, header.index(name))
    for name, cell in (("mailbox", "120"), ("reductions", "31000"), ("links", "2")):
        end = header.index(name) + len(name)
        assert second[:end].endswith(f" {cell}")


def test_a_table_of_nobody_is_its_header() -> None:
    assert table([]).startswith("pid  name  kind  status")
    assert len(table([]).splitlines()) == 1


def test_a_tree_has_each_process_under_the_one_that_started_it() -> None:
    till = replace(TILL, name="till", where="shop.py:12 in handle_call")
    assert tree([IDLE, SHOP, till, CASH, DOOR]).splitlines() == [
        "<0.0> Root",
        "└─ <0.1> Supervisor",
        "   ├─ <0.2> Till (till): shop.py:12 in handle_call",
        "   │  └─ <0.3> Cash",
        "   └─ <0.4> Door",
    ]


def test_who_outlives_its_starter_stands_under_the_nearest_ancestor_alive() -> None:
    assert tree([IDLE, SHOP, CASH]).splitlines() == [
        "<0.0> Root",
        "└─ <0.1> Supervisor",
        "   └─ <0.3> Cash",
    ]
    assert tree([CASH, DOOR]).splitlines() == ["<0.3> Cash", "<0.4> Door"]


def test_a_tree_may_be_of_any_depth() -> None:
    chain = [IDLE]
    for number in range(1, 1100):
        chain.append(info(number, "Link", chain[-1]))
    assert len(tree(chain).splitlines()) == 1100
