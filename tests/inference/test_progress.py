from __future__ import annotations

import io
from typing import Any

import pytest

from exmc.inference.progress import (
    Forgiving,
    Moving,
    Plain,
    Silent,
    describe,
    progress_on,
    say_on,
)
from exmc.run import ChainPhase, ChainStatus, RunState, Status


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def status(*chains: ChainStatus, **changes: object) -> Status:
    facts: dict[str, Any] = {
        "id": "r",
        "state": RunState.RUNNING,
        "model_digest": "0",
        "backend": "autograd",
        "tune": 100,
        "draws": 200,
        "chains": chains,
        "adaptation": (None,) * len(chains),
    }
    return Status(**(facts | changes))


HALF = ChainStatus(
    phase=ChainPhase.DRAW,
    tuned=100,
    draws=100,
    divergences=3,
    step_size=0.25,
    tree_depth=2.5,
    draws_per_second=1234.0,
    restarts=1,
    last_error="signal 9",
)


def test_a_line_says_what_a_chain_does() -> None:
    line = describe(2, HALF, status(HALF))
    for part in (
        "chain 2",
        "draw",
        "100/200",
        "1234/s",
        "3 divergent",
        "step 0.25",
        "depth 2.5",
        "restarted 1x (signal 9)",
    ):
        assert part in line


def test_warm_up_is_counted_by_itself() -> None:
    chain = ChainStatus(phase=ChainPhase.TUNE, tuned=40)
    assert "40/100" in describe(0, chain, status(chain))


def test_plain_lines_come_at_each_quarter_only() -> None:
    stream = io.StringIO()
    progress = Plain(stream)
    for draws in range(0, 201, 10):
        chain = ChainStatus(phase=ChainPhase.DRAW, tuned=100, draws=draws)
        progress.show(status(chain))
    progress.close()
    assert [line.split()[3] for line in stream.getvalue().splitlines()] == [
        f"{n}/200" for n in (0, 50, 100, 150, 200)
    ]


def test_a_terminal_gets_moving_bars_and_keeps_the_last_state() -> None:
    pytest.importorskip("rich")
    stream = Terminal()
    progress = progress_on(stream, wanted=True)
    assert isinstance(progress, Forgiving)
    assert isinstance(progress.display, Moving)
    progress.show(status(HALF))
    progress.close()
    assert "chain 0" in stream.getvalue()


@pytest.mark.parametrize("stream", [None, io.StringIO()])
def test_silence_is_kept_on_request(stream: io.StringIO | None) -> None:
    progress = progress_on(stream, wanted=False)
    assert isinstance(progress, Silent)
    progress.show(status(HALF))
    progress.close()
    assert stream is None or stream.getvalue() == ""


def test_a_pipe_gets_plain_lines() -> None:
    progress = progress_on(io.StringIO(), wanted=True)
    assert isinstance(progress, Forgiving)
    assert isinstance(progress.display, Plain)


def test_nothing_is_shown_on_a_stream_that_is_closed() -> None:
    stream = io.StringIO()
    stream.close()
    assert isinstance(progress_on(stream, wanted=True), Silent)


def test_a_display_that_fails_is_not_asked_again() -> None:
    stream = io.StringIO()
    progress = Forgiving(Plain(stream))
    stream.close()
    progress.show(status(HALF))
    assert isinstance(progress.display, Silent)
    progress.close()


@pytest.mark.parametrize("closed", [False, True])
def test_what_nobody_can_read_is_not_said(closed: bool) -> None:
    stream = io.StringIO()
    if closed:
        stream.close()
    say_on(stream, "text")
    say_on(None, "text")
    assert closed or stream.getvalue() == "text"
