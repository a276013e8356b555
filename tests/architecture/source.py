"""Reads the service's source for the architecture tests: modules, what they import and the strings they hold."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TypeGuard

from tests.conftest import ROOT

MODULES = sorted((ROOT / "v1").rglob("*.py"))


def package(path: Path) -> str:
    """The package of v1 that the module is in, or the name of a module beside them; "" for v1/__init__.py."""
    first = path.relative_to(ROOT / "v1").parts[0]
    return "" if first == "__init__.py" else first.removesuffix(".py")


CORE = [path for path in MODULES if package(path) not in ("", "doors", "server", "cli", "wsgi", "program")]
"""All that is tested with plain values: it knows no web framework."""


def name(path: Path) -> str:
    """`v1/doors/mobile/oauth.py` for a path of the tree."""
    return str(path.relative_to(ROOT))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def imports(path: Path) -> set[str]:
    """The dotted names of every module that is imported; `from v1.auth import guard` is `v1.auth.guard`."""
    found: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def functions(path: Path) -> list[ast.FunctionDef]:
    """Every function and method in the module."""
    return [node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef)]


def strings(path: Path) -> Iterator[str]:
    """Every string of the code that is not prose: no docstrings, no bare strings, no help of a setting."""
    module = tree(path)
    prose = {id(node.value) for node in ast.walk(module) if isinstance(node, ast.Expr)}
    prose |= {id(node.args[2]) for node in ast.walk(module) if _declares(node)}
    for node in ast.walk(module):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
            yield node.value


def _declares(node: ast.AST) -> TypeGuard[ast.Call]:
    """Is this a call of `setting(read, default, help)`?"""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "setting"


def importers(module: str) -> set[str]:
    """The files of the service that import this module or something in it."""
    return {
        name(path) for path in MODULES if any(each == module or each.startswith(module + ".") for each in imports(path))
    }
