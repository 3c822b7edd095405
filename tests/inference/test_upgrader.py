from __future__ import annotations

import asyncio
import logging

import pytest

import exmc
from exmc.actors import (
    CallOutcome,
    GenServer,
    Outcome,
    Runtime,
    call,
    noreply,
    reply,
    run,
)
from exmc.actors.process.envelope import Call
from exmc.cli.demo import eight_schools
from exmc.gradient.executable import Executable, Part
from exmc.inference.assignment import Upgrade
from exmc.inference.run_names import RunNames
from exmc.inference.upgrader import Upgrader, want_upgrade

pytestmark = [pytest.mark.native, pytest.mark.slow, pytest.mark.timeout(60)]

NAMES = RunNames("r")


class Port(GenServer):
    """Answers with the upgrade once it has come."""

    def init(self) -> None:
        self._upgrade: Upgrade | None = None
        self._waiting: list[Call] = []

    def handle_cast(self, message: Upgrade) -> Outcome:
        for caller in self._waiting:
            caller.reply(message)
        self._upgrade = message
        return None

    def handle_call(self, _request: object, caller: Call) -> CallOutcome:
        if self._upgrade is not None:
            return reply(self._upgrade)
        self._waiting.append(caller)
        return noreply()


class Answering(Upgrader):
    """Answers when it has compiled, and has heard what came before the question."""

    def handle_call(self, _request: object, _caller: Call) -> CallOutcome:
        return reply(None)


def strict() -> Executable:
    executable = eight_schools().compile(noncentered=True, backend="strict").build
    assert executable.executable is not None
    return executable.executable


def test_who_asks_gets_machine_code_before_and_after_it_is_there() -> None:
    async def main() -> None:
        async with Runtime() as runtime:
            upgrader = await runtime.start(Upgrader, NAMES, strict())
            first = await runtime.start(Port, name=NAMES.chain(0))
            want_upgrade(upgrader, 0)
            upgrade = await call(first, "upgrade", timeout=30)
            assert upgrade.work.speed == "native"
            assert upgrade.kernels
            second = await runtime.start(Port, name=NAMES.chain(1))
            want_upgrade(upgrader, 1)
            assert await call(second, "upgrade", timeout=30) == upgrade

    run(main)


def test_a_program_that_does_not_compile_leaves_the_run_as_it_is(
    caplog: pytest.LogCaptureFixture,
) -> None:
    broken = Executable(speed="strict", parts={"density": Part("no program", 0)})

    async def main() -> None:
        async with Runtime() as runtime:
            upgrader = await runtime.start(Answering, NAMES, broken)
            want_upgrade(upgrader, 0)
            await call(upgrader, "done?", timeout=30)

    with caplog.at_level(logging.ERROR, "exmc.inference"):
        run(main)
    assert "stays on its strict program" in caplog.text


def test_an_upgraded_run_says_so_and_draws_what_machine_code_draws() -> None:
    options = {"draws": 3000, "tune": 300, "chains": 2, "seed": 5, "noncentered": True}

    async def main() -> tuple[str, list[str]]:
        hot = exmc.start(eight_schools(), hot_upgrade=True, **options)  # type: ignore[arg-type]
        async with hot as begun:
            backends = [
                (await begun.status()).backend async for _ in begun.batches(warmup=True)
            ]
            await begun.result()
            return await begun.digest(), backends

    async def plain() -> str:
        async with exmc.start(eight_schools(), **options) as begun:  # type: ignore[arg-type]
            await begun.result()
            return await begun.digest()

    digest, backends = asyncio.run(main())
    assert digest == asyncio.run(plain())
    assert set(backends) <= {"strict", "native"}
    assert backends[-1] == "native"
