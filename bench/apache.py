"""The opponent: a page of bench/php under an Apache of our own with mod_php, never the system's service."""

import os
import pwd
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.client import Page
from bench.place import Place
from bench.processes import HOST, ROOT, running, wait_for_answer
from bench.report import BenchError
from tools import private_files, private_server

MODULES = Path("/usr/lib/apache2/modules")
MISSING = "Apache with mod_php is not installed: apt-get install apache2 libapache2-mod-php php-mysql"

CHILDREN = 16

CONFIG = """
ServerRoot {directory}
ServerName localhost
Listen {host}:{port}
DefaultRuntimeDir {directory}
PidFile {directory}/apache.pid
ErrorLog {directory}/error.log
DocumentRoot {directory}/site
{account}
LoadModule mpm_prefork_module {modules}/mod_mpm_prefork.so
LoadModule authz_core_module {modules}/mod_authz_core.so
LoadModule env_module {modules}/mod_env.so
LoadModule php_module {php}
<FilesMatch "\\.php$">
    SetHandler application/x-httpd-php
</FilesMatch>
StartServers {children}
MinSpareServers 1
MaxSpareServers {children}
MaxRequestWorkers {children}
KeepAlive On
KeepAliveTimeout 5
MaxKeepAliveRequests 0
SetEnv DB_SOCKET {socket}
SetEnv DB_USER gatepass
SetEnv DB_PASSWORD {password}
SetEnv DB_NAME {database}
"""


@contextmanager
def apache(
    place: Place, script: str = "login.php", database: str = "gatepass", children: int = CHILDREN
) -> Iterator[Page]:
    """A PHP page while the block runs, served by so many children of Apache. They may not read our files: only a
    directory of their own."""
    program, php = shutil.which("apache2"), sorted(MODULES.glob("libphp*.so"))
    if not program or not php:
        raise BenchError(MISSING)
    directory, port = place.directory / "apache", private_server.free_port()
    (directory / "site").mkdir(parents=True, exist_ok=True)
    shutil.copy(ROOT / "bench" / "php" / script, directory / "site")
    text = CONFIG.format(
        directory=directory,
        host=HOST,
        port=port,
        children=children,
        account=_account(),
        modules=MODULES,
        php=php[-1],
        socket=place.server.socket,
        password=place.server.password,
        database=database,
    )
    private_files.write_private(directory / "apache.conf", text)
    command, log = [program, "-f", str(directory / "apache.conf"), "-D", "FOREGROUND"], directory / "output.log"
    with running(command, {"PATH": os.environ["PATH"]}, log, directory) as process:
        wait_for_answer(process, port, f"/{script}", log)
        yield Page(port, f"/{script}")


def apache_pid(place: Place) -> int:
    """The id of Apache's first process while it runs."""
    return int((place.directory / "apache" / "apache.pid").read_text())


def variant(page: Page, name: str) -> Page:
    """The same page with this query: check.php keeps its connection with `persistent`."""
    return Page(page.port, f"{page.path}?{name}")


def _account() -> str:
    """As root Apache wants to be told whom its children become."""
    if os.geteuid() != 0:
        return ""
    names = {entry.pw_name: entry.pw_gid for entry in pwd.getpwall()}
    user = "www-data" if "www-data" in names else "nobody"
    return f"User {user}\nGroup #{names[user]}"
