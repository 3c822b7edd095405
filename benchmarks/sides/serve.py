"""A side of a benchmark: a process that answers questions, one JSON line each."""

from __future__ import annotations

import json
import os
import sys
import traceback
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def serve(answers: Mapping[str, Callable[..., Any]]) -> None:
    """Answer until standard input ends.

    A question is `{"ask": name, ...arguments}`; an answer is `{"answer": ...}` or
    `{"error": text}`. What the framework prints goes to standard error.
    """
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    for line in sys.stdin:
        arguments = json.loads(line)
        try:
            reply = {"answer": answers[arguments.pop("ask")](**arguments)}
        except Exception as error:  # noqa: BLE001 - the asker decides what it means
            traceback.print_exc()
            reply = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(reply), file=replies, flush=True)
