"""An nginx of our own before those who check tokens: a static file that its auth_request guards."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from bench.client import Page
from bench.place import Place
from bench.processes import HOST, running, wait_for_answer
from bench.report import BenchError
from tools.private_server import free_port

MISSING = "nginx is not installed: apt-get install nginx-light"
FILE = "/page"

CONFIG = """
worker_processes 2;
pid {directory}/nginx.pid;
error_log {directory}/error.log;
{account}
events {{ worker_connections 512; }}
http {{
    access_log off;
    client_body_temp_path {directory}/body;
    proxy_temp_path {directory}/proxy;
    fastcgi_temp_path {directory}/fastcgi;
    uwsgi_temp_path {directory}/uwsgi;
    scgi_temp_path {directory}/scgi;
    root {directory}/site;
    proxy_http_version 1.1;
{servers}
}}
"""

OPEN = """
    server {{ listen {host}:{port}; }}
"""

GUARDED = """
    upstream check{port} {{ server {host}:{upstream}; keepalive 16; keepalive_timeout 3s; }}
    server {{
        listen {host}:{port};
        location / {{ auth_request /_check; }}
        location = /_check {{
            internal;
            proxy_pass http://check{port}{path};
            proxy_pass_request_body off;
            proxy_set_header Content-Length "";
            proxy_set_header Connection "";
            proxy_set_header Cookie "";
            proxy_set_header Host $host;
            proxy_set_header X-Request-Id $request_id;
            proxy_set_header X-Forwarded-For $remote_addr;
            proxy_set_header X-Forwarded-Proto $scheme;
        }}
    }}
"""
"""The check as config/nginx.conf has it."""


@contextmanager
def nginx(place: Place, checks: list[Page]) -> Iterator[tuple[list[Page], int]]:
    """The static file behind each of these checks, last the file that nothing guards; and the first process's id."""
    program = shutil.which("nginx")
    if not program:
        raise BenchError(MISSING)
    directory = place.directory / "nginx"
    (directory / "site").mkdir(parents=True)
    (directory / "site" / FILE[1:]).write_text("a page\n")
    ports = [free_port() for _ in range(len(checks) + 1)]
    servers = [OPEN.format(host=HOST, port=ports[-1])]
    for port, check in zip(ports, checks, strict=False):
        servers.append(GUARDED.format(host=HOST, port=port, upstream=check.port, path=check.path))
    account = "user root;" if os.geteuid() == 0 else ""
    text = CONFIG.format(directory=directory, account=account, servers="".join(servers))
    (directory / "nginx.conf").write_text(text)
    command = [program, "-p", f"{directory}/", "-c", str(directory / "nginx.conf"), "-g", "daemon off;"]
    log = directory / "output.log"
    with running([*command, "-e", str(directory / "error.log")], {"PATH": os.environ["PATH"]}, log) as process:
        wait_for_answer(process, ports[-1], FILE, log)
        yield [Page(port, FILE) for port in ports], process.pid
