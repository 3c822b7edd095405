from __future__ import annotations

import signal

from exmc.actors.port.closing import KILL, Step, closing_steps
from exmc.actors.port.port_spec import PortSpec


def test_a_process_is_asked_then_told_then_forced() -> None:
    spec = PortSpec("cat", close_grace=3.0, term_grace=4.0)
    assert closing_steps(spec) == (Step(None, 3.0), Step(signal.SIGTERM, 4.0), KILL)
    assert KILL.signal == signal.SIGKILL
