"""The form of DATABASE_URL: where the database is, the account, and whether TLS protects the connection."""

import ipaddress
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final, Literal, cast
from urllib.parse import parse_qsl, unquote

from v1.settings import database_hosts
from v1.settings.database_hosts import Host

SslMode = Literal["DISABLED", "REQUIRED", "VERIFY_CA", "VERIFY_IDENTITY"]

SSL_MODES: Final = ("DISABLED", "REQUIRED", "VERIFY_CA", "VERIFY_IDENTITY")
QUOTES: Final = ("'", '"', "`", "‘", "’", "“", "”")
OPTIONS: Final = ("unix_socket", "ssl_mode", "ssl_ca", "ssl_cert", "ssl_key")

_URL: Final = re.compile(
    r"(?:mysql|mysql\+pymysql|mariadb)://(?P<user>[^/?#:]+)(?::(?P<password>[^/?#]*))?"
    r"@(?P<hosts>[^/?#@]*)/(?P<name>[^/?#]+)(?:\?(?P<query>[^#]*))?"
)
"""(The standard library's urlsplit refuses a list of IPv6 addresses.)"""


class UnusableFile(ValueError):
    """A file of the URL's `ssl_` options is missing or has the wrong content. The text names it."""


@dataclass(frozen=True)
class DatabaseUrl:
    """A parsed DATABASE_URL. Printing it never shows the password."""

    hosts: tuple[Host, ...]
    """The servers, in order of preference. One is used at a time."""
    user: str
    password: str = field(repr=False)
    name: str
    ssl_mode: SslMode
    ssl_ca: str | None
    ssl_cert: str | None
    ssl_key: str | None

    def __str__(self) -> str:
        return f"database {self.name!r} at {', '.join(map(str, self.hosts))} as {self.user!r}"


def parse(text: str) -> DatabaseUrl:
    """Parse `mysql://user:password@host:3306,host2/name[?unix_socket=..&ssl_mode=..&ssl_ca=..&ssl_cert=..&ssl_key=..]`.

    Reserved characters of user and password are percent-encoded. The modes are MySQL's own. The default mode is
    DISABLED if every host is a socket or a loopback address, and REQUIRED otherwise. Raises ValueError; its text never
    quotes the URL.
    """
    if text[:1] in QUOTES or text[-1:] in QUOTES:
        raise ValueError("is in quotes: leave them out, as `docker --env-file` and others keep them")
    url = _URL.fullmatch(text)
    if not url or "/" in unquote(url["name"]):
        raise ValueError("must be mysql://user:password@host:3306/name")
    options = _options(url["query"] or "")
    hosts = _hosts(url["hosts"], options.get("unix_socket"))
    return DatabaseUrl(
        hosts=hosts,
        user=unquote(url["user"]),
        password=unquote(url["password"] or ""),
        name=unquote(url["name"]),
        ssl_mode=_ssl_mode(hosts, options),
        ssl_ca=options.get("ssl_ca"),
        ssl_cert=options.get("ssl_cert"),
        ssl_key=options.get("ssl_key"),
    )


def _hosts(text: str, unix_socket: str | None) -> tuple[Host, ...]:
    hosts = database_hosts.parse(text or "localhost")
    if not unix_socket:
        return hosts
    if len(hosts) > 1:
        raise ValueError("has unix_socket and several hosts: a socket belongs to one server")
    return (Host(hosts[0].name, hosts[0].port, unix_socket),)


def _options(query: str) -> dict[str, str]:
    options = dict(parse_qsl(query, keep_blank_values=True))
    if unknown := sorted(set(options) - set(OPTIONS)):
        raise ValueError(f"has unknown options ({', '.join(unknown)}); known are {', '.join(OPTIONS)}")
    return options


def _ssl_mode(hosts: tuple[Host, ...], options: dict[str, str]) -> SslMode:
    default = "DISABLED" if all(each.unix_socket or _loopback(each.name) for each in hosts) else "REQUIRED"
    ssl_mode = options.get("ssl_mode", default).upper()
    if ssl_mode not in SSL_MODES:
        raise ValueError(f"has an unknown ssl_mode; known are {', '.join(SSL_MODES)}")
    return cast(SslMode, ssl_mode)


def usable(text: str) -> DatabaseUrl:
    """`parse` the URL and check that the files in its options can be used. Raises UnusableFile too.

    MIGRATE_DATABASE_URL is only parsed: its files may be readable only for the account that migrates.
    """
    url = parse(text)
    tls_context(url)
    return url


def tls_context(url: DatabaseUrl) -> ssl.SSLContext | None:
    """The TLS context of this URL, to be shared by all connections; None without TLS. Raises UnusableFile."""
    if url.ssl_mode == "DISABLED":
        return None
    with _errors_name_files("ssl_ca", "holds no certificate as PEM", url.ssl_ca):
        context = ssl.create_default_context(cafile=url.ssl_ca)
    context.check_hostname = url.ssl_mode == "VERIFY_IDENTITY"
    context.verify_mode = ssl.CERT_NONE if url.ssl_mode == "REQUIRED" else ssl.CERT_REQUIRED
    if url.ssl_cert:
        pair = (url.ssl_cert, url.ssl_key or url.ssl_cert)
        with _errors_name_files(
            "ssl_cert, ssl_key", "not a certificate and its key, without a password, as PEM", *pair
        ):
            context.load_cert_chain(*pair, password="")  # else OpenSSL asks for one at the terminal
    return context


@contextmanager
def _errors_name_files(options: str, wrong_content: str, *files: str | None) -> Iterator[None]:
    """Turns an error with these files into UnusableFile, which names the options and files. If the files can be read,
    the reason is `wrong_content`."""
    try:
        yield
    except OSError as error:
        why = wrong_content if isinstance(error, ssl.SSLError) else error.strerror
        raise UnusableFile(f"{options}: {' and '.join(map(str, dict.fromkeys(files)))}: {why}") from None


def _loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
