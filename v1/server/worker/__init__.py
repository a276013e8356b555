"""gunicorn's threaded worker (`gthread`) with seven changes, one class each."""

import sys
from typing import Final

from gunicorn.http.parser import RequestParser  # type: ignore[import-untyped]

from v1.server.request import Request
from v1.server.request.unread_body import finish_body
from v1.server.worker.accept_balancing import AcceptBalancing
from v1.server.worker.answer_time_limit import AnswerTimeLimit
from v1.server.worker.connection_limit import ConnectionLimit
from v1.server.worker.lingering_close import LingeringClose
from v1.server.worker.next_request_wait import NextRequestWait
from v1.server.worker.stop_deadline import StopDeadline
from v1.server.worker.unread_answers import UnreadAnswers

SWITCH_SECONDS: Final = 0.0005
"""How long a thread may run Python code while another thread waits to. With Python's default of 5 ms a hashing thread
that has its result may wait so long, with its core idle (measured in bench/results.md)."""


class Worker(
    NextRequestWait, UnreadAnswers, AnswerTimeLimit, AcceptBalancing, ConnectionLimit, StopDeadline, LingeringClose
):
    """The sum of these changes. A method of a class calls that of the next class to its right; gunicorn's comes last.

    So NextRequestWait, on the left, calls `handle` of UnreadAnswers for each request that it has waited for.
    This class itself overrides `init_process`.
    """

    def init_process(self) -> None:
        """Prepare this process; returns when the worker ends."""
        sys.setswitchinterval(SWITCH_SECONDS)
        RequestParser.mesg_class, RequestParser.finish_body = Request, finish_body
        super().init_process()
