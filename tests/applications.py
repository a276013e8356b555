"""The applications of the tests: one for each set of settings, lent to a test with a core of its own.

Flask compiles 110 routes for an application, which takes 30 ms; a core takes less than one.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Final

from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache

from v1 import create_app
from v1.auth import core
from v1.auth.core import Core
from v1.settings import load

Settings = frozenset[tuple[str, str]]

_idle: Final[dict[Settings, list[Flask]]] = {}
_lent: Final[dict[int, tuple[Settings, Flask]]] = {}


class Compiled(BytecodeCache):
    """The templates as one application has compiled them, for all the others."""

    codes: Final[dict[str, bytes]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key + bucket.checksum in self.codes:
            bucket.bytecode_from_string(self.codes[bucket.key + bucket.checksum])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.codes[bucket.key + bucket.checksum] = bucket.bytecode_to_string()


def lend(environ: Mapping[str, str], clock: Callable[[], float] | None = None) -> Flask:
    """An application of these settings that no other test has now. A test that changes its routes makes its own."""
    settings = frozenset(environ.items())
    if idle := _idle.get(settings):
        app = idle.pop()
        renew(app.extensions["gatepass"], clock)
    else:
        app = create_app(load(environ), clock or time.time)
        app.jinja_env.bytecode_cache = Compiled()
    _lent[id(app)] = settings, app
    return app


def take_back(app: Flask) -> None:
    """Write its last notes and close its connections: a later test would be blamed for what is left open."""
    app.extensions["gatepass"].close()
    settings, _ = _lent.pop(id(app))
    _idle.setdefault(settings, []).append(app)


def take_all_back() -> None:
    """The same with all that are lent."""
    for _, app in list(_lent.values()):
        take_back(app)


def renew(old: Core, clock: Callable[[], float] | None) -> None:
    """Put new parts into the core that the routes hold: nothing that the old ones remember is left."""
    new = core.build(old.settings, clock or time.time)
    for part in fields(Core):
        object.__setattr__(old, part.name, getattr(new, part.name))
