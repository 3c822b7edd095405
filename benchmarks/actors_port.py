"""What an operating-system process behind a port costs: to open, to ask, to listen to.

    python benchmarks/actors_port.py

Prints milliseconds for opening and closing one, microseconds for a message there and
back, and megabytes a second in each direction, raw and in packets.
"""

from __future__ import annotations

import sys
import time

from exmc.actors import (
    PortData,
    PortExit,
    PortSpec,
    Runtime,
    close_port,
    open_port,
    port_command,
    run,
)

OPENINGS = 50
ROUNDS = 5000
SIZE = 1 << 28

PACKETS = (
    "import sys\n"
    "data = (1000).to_bytes(4, 'big') + bytes(1000)\n"
    "for _ in range(int(sys.argv[1]) // 64000):\n"
    "    sys.stdout.buffer.write(64 * data)\n"
)


async def opening() -> None:
    """Time opening and closing."""
    begun = time.perf_counter()
    ports = [await open_port("cat") for _ in range(OPENINGS)]
    opened = time.perf_counter()
    for port in ports:
        await close_port(port)
    closed = time.perf_counter()
    print(f"open   {1e3 * (opened - begun) / OPENINGS:8.2f} ms")
    print(f"close  {1e3 * (closed - opened) / OPENINGS:8.2f} ms")


async def there_and_back(rt: Runtime) -> None:
    """Time one message to a process that says it again."""
    port = await open_port(PortSpec("cat", packet=4))
    begun = time.perf_counter()
    for _ in range(ROUNDS):
        await port_command(port, b"x" * 100)
        await rt.receive(PortData)
    print(f"round  {1e6 * (time.perf_counter() - begun) / ROUNDS:8.1f} us")
    await close_port(port)


async def outward(rt: Runtime) -> None:
    """Time sending to a process that only reads."""
    port = await open_port(["sh", "-c", "cat >/dev/null"])
    begun, piece = time.perf_counter(), bytes(1 << 20)
    for _ in range(SIZE >> 20):
        await port_command(port, piece)
    await close_port(port)
    told("out", begun)
    assert await rt.receive(PortData, timeout=0) is None


async def inward(rt: Runtime, name: str, spec: PortSpec) -> None:
    """Time listening to a process that only writes."""
    begun = time.perf_counter()
    port = await open_port(spec)
    while True:
        message = await rt.receive(object)
        if isinstance(message, PortExit) and message.port is port:
            break
    told(name, begun)


def told(name: str, begun: float) -> None:
    """Print a rate."""
    print(f"{name:6} {SIZE / 1e6 / (time.perf_counter() - begun):8.0f} MB/s")


async def main() -> None:
    """Measure one after another."""
    async with Runtime() as rt:
        await opening()
        await there_and_back(rt)
        await outward(rt)
        raw = PortSpec(["head", "-c", str(SIZE), "/dev/zero"])
        await inward(rt, "in", raw)
        packets = PortSpec([sys.executable, "-c", PACKETS, str(SIZE)], packet=4)
        await inward(rt, "in of 1 kB", packets)


if __name__ == "__main__":
    run(main)
