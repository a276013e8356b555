"""The settings of the server: where it listens, its processes and threads, and how long it waits for clients."""

from dataclasses import dataclass

from v1.settings.declaration import setting
from v1.settings.values import host, whole_number


@dataclass(frozen=True, kw_only=True)
class ServerSettings:
    """The server"""

    host: str = setting(
        host,
        "127.0.0.1",
        """
        The address that gunicorn listens on: IPv4, IPv6 or `localhost`, and no other name.

        `0.0.0.0` is every address of the machine. IPv6 is written `::1` or `[::1]`, and `localhost` is 127.0.0.1. Other
        names are refused: nothing looks them up, and some shells set HOST to the machine's name. Put a proxy in front
        that ends TLS and buffers slow clients.
        """,
    )
    port: int = setting(whole_number(1, 65535), 8000, "The port that gunicorn listens on.")
    workers: int = setting(whole_number(1, 64), 2, "Worker processes. Run one for each core.")
    threads: int = setting(
        whole_number(1, 64),
        24,
        """
        Request threads in each worker.

        A login that waits for its hash holds its thread; at most all but two are held so. A waiting thread costs
        little. The default lets a crowd of 44 logins wait in line. With 8 threads most of them would be refused and
        come back at once, which takes more of the processor than waiting does (bench/results.md).

        A worker keeps at most THREADS + 2 connections to the database: see
        [operating.md](operating.md#connections-to-the-database).
        """,
    )
    connections: int = setting(
        whole_number(100, 60000),
        1000,
        """
        Connections that each worker holds at most. An idle one takes about 3 KB of its memory.

        A worker that holds so many ends one that is idle, or does not read its answers, for each new one. The limit of
        open files (`ulimit -n`, LimitNOFILE) must have room for them; if it has not, a worker holds fewer.
        """,
    )
    receive_seconds: int = setting(
        whole_number(1, 300),
        10,
        """
        Seconds within which a request must arrive whole, from its first byte to the last of its body, and an answer be
        sent. The first request of a connection must arrive within this time of the connection's start.
        """,
    )
    keepalive_seconds: int = setting(
        whole_number(1, 3600),
        5,
        """
        Seconds that a connection without a request stays open. Set more than the proxy in front keeps its idle
        connections.

        The proxy or load balancer must close idle connections first: see
        [operating.md](operating.md#behind-a-load-balancer).
        """,
    )
