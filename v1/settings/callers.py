"""The settings that say who calls: which proxies are believed, and what programs on the same machine may do."""

from dataclasses import dataclass

from v1.settings.declaration import setting
from v1.settings.values import networks, switch
from v1.wire.addresses import Network


@dataclass(frozen=True, kw_only=True)
class CallerSettings:
    """Proxies and local callers"""

    trusted_proxies: tuple[Network, ...] = setting(
        networks,
        (),
        """
        Networks of the proxies whose `X-Forwarded-For` is believed, with commas between.

        The client's address is then the rightmost address of that header that is outside these networks. Without this
        setting it is the peer of the socket. Gatepass stores it with each session.

        An address may have a port, brackets and quotes (`203.0.113.7:54321`, `"[2001:db8::1]:443"`). An entry that
        cannot be read ends the search: the client is then the last proxy found, and the log says so once, as
        `proxy.unreadable_address`.
        """,
        example="127.0.0.1/32,10.0.0.0/8",
    )
    local_api_tokens: bool = setting(
        switch,
        True,
        """
        1: programs on this machine may call `Auth.CreateApiToken` without a token. 0: nobody may. Set 0 unless a
        media server on this machine calls it, and never leave 1 behind HAProxy in TCP mode or another forwarder of
        connections.

        With 0 the call is answered -32003, and API tokens come from `gatepass token create --scope stream`. Behind
        a forwarder of connections every client looks like a program on this machine: see
        [operating.md](operating.md#a-forwarder-of-connections-makes-everybody-local).
        """,
        preset="0",
    )
    local_metrics: bool = setting(
        switch,
        True,
        """
        1: programs on this machine may read `/metrics` and the reasons in `/readyz`. 0: only METRICS_ALLOW may. Set 0
        behind a forwarder of connections.
        """,
    )
    metrics_allow: tuple[Network, ...] = setting(
        networks,
        (),
        """
        Networks that may read `/metrics` and the reasons in `/readyz`, besides programs on this machine.

        The caller's address is found as TRUSTED_PROXIES says. Others get 404.
        """,
        example="10.0.0.0/8",
    )
