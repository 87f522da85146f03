"""One database server for a whole test process, however many fixtures ask for it.

The fixtures of a conftest that others import exist once in each of them: were each to stop the
server it started, the first to end would take it from the rest.
"""

from __future__ import annotations

import atexit
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack

_held: dict[str, str] = {}
_stack = ExitStack()
atexit.register(_stack.close)


def hold(name: str, serve: Callable[[], AbstractContextManager[str]]) -> str:
    """Return what `serve` gives, entered once and left when the process ends."""
    if name not in _held:
        _held[name] = _stack.enter_context(serve())
    return _held[name]
