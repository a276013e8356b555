"""Makes a connection for token checks, on a thread of its own: connecting waits for the server."""

import threading
from collections.abc import Callable

from v1.auth.core import Core
from v1.db.prepared_check import PreparedCheck
from v1.tokens import find


def connect(
    core: Core,
    causal: bool,
    defer: Callable[..., None],
    connected: Callable[[PreparedCheck], None],
    not_connected: Callable[[Exception], None],
) -> None:
    """Call one of the two functions later, on the main thread; `defer` lets that thread call a function.

    `causal`: on a cluster, each look-up finds what other nodes had committed before it.
    """

    def run() -> None:
        try:
            connection = find.prepared_check(core, causal)
        except Exception as error:
            defer(not_connected, error)
        else:
            defer(connected, connection)

    try:
        threading.Thread(target=run, daemon=True).start()
    except RuntimeError as error:  # no more threads may be started
        not_connected(error)
