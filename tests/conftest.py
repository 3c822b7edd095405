"""What every test shares: tests of machine code are skipped where none can be made."""

from __future__ import annotations

import pytest

from exmc.native import available

REASON = "machine code is off: llvmlite is not installed, or EXMC_NATIVE is 0"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if not available():
        for item in items:
            if item.get_closest_marker("native"):
                item.add_marker(pytest.mark.skip(reason=REASON))
