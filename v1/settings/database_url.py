"""The form of DATABASE_URL: where the database is, the account, and whether TLS protects the connection."""

import ipaddress
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final, Literal, cast
from urllib.parse import parse_qsl, unquote, urlsplit

SslMode = Literal["DISABLED", "REQUIRED", "VERIFY_CA", "VERIFY_IDENTITY"]

SSL_MODES: Final = ("DISABLED", "REQUIRED", "VERIFY_CA", "VERIFY_IDENTITY")
QUOTES: Final = ("'", '"', "`", "‘", "’", "“", "”")
OPTIONS: Final = ("unix_socket", "ssl_mode", "ssl_ca", "ssl_cert", "ssl_key")


class UnusableFile(ValueError):
    """A file of the URL's `ssl_` options is missing or has the wrong content. The text names it."""


@dataclass(frozen=True)
class DatabaseUrl:
    """A parsed DATABASE_URL. Printing it never shows the password."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    name: str
    unix_socket: str | None
    ssl_mode: SslMode
    ssl_ca: str | None
    ssl_cert: str | None
    ssl_key: str | None

    def __str__(self) -> str:
        place = self.unix_socket or f"{self.host}:{self.port}"
        return f"database {self.name!r} at {place} as {self.user!r}"


def parse(text: str) -> DatabaseUrl:
    """Parse `mysql://user:password@host:3306/name[?unix_socket=..&ssl_mode=..&ssl_ca=..&ssl_cert=..&ssl_key=..]`.

    Reserved characters of user and password are percent-encoded. The modes are MySQL's own. The default mode is
    DISABLED on a socket or loopback address and REQUIRED elsewhere. Raises ValueError; its text never quotes the URL.
    """
    if text[:1] in QUOTES or text[-1:] in QUOTES:
        raise ValueError("is in quotes: leave them out, as `docker --env-file` and others keep them")
    try:
        url = urlsplit(text)
        port = url.port or 3306
    except ValueError:
        raise ValueError("is not a URL; write mysql://user:password@host:3306/name") from None
    name = unquote(url.path.removeprefix("/"))
    if url.scheme not in ("mysql", "mysql+pymysql", "mariadb") or not url.username or not name or "/" in name:
        raise ValueError("must be mysql://user:password@host:3306/name")
    host, options = url.hostname or "localhost", _options(url.query)
    return DatabaseUrl(
        host=host,
        port=port,
        user=unquote(url.username),
        password=unquote(url.password or ""),
        name=name,
        unix_socket=options.get("unix_socket"),
        ssl_mode=_ssl_mode(host, options),
        ssl_ca=options.get("ssl_ca"),
        ssl_cert=options.get("ssl_cert"),
        ssl_key=options.get("ssl_key"),
    )


def _options(query: str) -> dict[str, str]:
    options = dict(parse_qsl(query, keep_blank_values=True))
    if unknown := sorted(set(options) - set(OPTIONS)):
        raise ValueError(f"has unknown options ({', '.join(unknown)}); known are {', '.join(OPTIONS)}")
    return options


def _ssl_mode(host: str, options: dict[str, str]) -> SslMode:
    default = "DISABLED" if options.get("unix_socket") or _loopback(host) else "REQUIRED"
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
