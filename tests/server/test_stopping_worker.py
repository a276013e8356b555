"""What a worker that begins to stop does with a connection to which it has said that it stays open."""

import os
import selectors
import socket
from collections.abc import Iterator

import pytest
from gunicorn.config import Config

from v1.server.worker import Worker
from v1.server.worker.connections import Connection
from v1.server.worker.look_ups import LookUps

LONG = 3600


@pytest.fixture
def worker() -> Iterator[Worker]:
    """A worker without an application, whose idle connections stay for an hour."""
    cfg = Config()
    cfg.set("keepalive", LONG)
    made = Worker(1, os.getpid(), [], None, 30, cfg, None)
    made.poller, made._reads_body = selectors.DefaultSelector(), lambda path: False
    made._look_ups, made._causal, made._found = LookUps(None, made.poller, made.method_queue.defer), True, []
    yield made
    made.poller.close()
    made.tmp.close()


def test_it_stays_open_for_a_last_request_and_not_for_long(worker: Worker) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.setblocking(False)
        conn = Connection(worker.incoming(), worker.cfg, ours, "", "")
        worker._send(conn, b"x" * 10_000_000)
        assert conn in worker.unread and conn.sock.unsent
        worker.alive = False
        worker._cap_keepalive(0.0)  # a time that has passed
        while conn.sock.unsent:
            theirs.recv(1_000_000)
            worker.on_writable(conn)
        assert conn in worker.keepalived_conns and next(worker.keepalived_conns.expired()) is conn


@pytest.mark.parametrize("arrived", [b"GET / HTTP/1.1\r\n", b""])
def test_a_request_that_arrived_while_the_worker_was_held_up_is_read_before_its_connection_is_closed(
    worker: Worker, arrived: bytes
) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.setblocking(False)
        conn = Connection(worker.incoming(), worker.cfg, ours, "", "")
        worker.nr_conns = 1
        worker.keepalived_conns.add(conn)
        worker.watch(conn, selectors.EVENT_READ)
        worker._cap_keepalive(0.0)  # a time that has passed
        theirs.sendall(arrived)
        worker.murder_pending()
        assert (conn in worker.receiving, worker.nr_conns) == ((True, 1) if arrived else (False, 0))
