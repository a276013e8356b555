"""Tests that every text of the console is in the Turkish catalogue, and nothing else."""

import ast
import re
import shutil
import subprocess
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from tests.architecture import source
from tests.architecture.template_texts import untranslated
from tests.conftest import ROOT
from tests.environments import BIN
from v1.kinds import KINDS

TEMPLATES = sorted((ROOT / "v1/doors/console/templates").rglob("*.html"))
MODULES = sorted((ROOT / "v1/doors/console").glob("*.py"))
TURKISH = Path("v1/doors/console/translations/tr/LC_MESSAGES")
AGAIN = "run `make translations`, translate what is new in messages.po, and run it once more"

SAME = {"%(act)s: %(device)s"}
"""Texts that are rightly equal in both languages."""

NOT_SHOWN = {"The form is not UTF-8."}
"""Sentences of the modules that no page says: the door's ERRORS has another text for it."""


def catalog(place: Path = ROOT) -> Catalog:
    with (place / TURKISH / "messages.po").open("rb") as file:
        return read_po(file, locale="tr")


def messages(found: Catalog) -> list[Message]:
    """All but the header, and there are some."""
    assert len(found) > 150
    return [each for each in found if each.id]


def test_every_text_of_a_template_that_a_person_sees_is_translated() -> None:
    assert len(TEMPLATES) > 20
    assert [(path.stem, text) for path in TEMPLATES for text in untranslated(path.read_text())] == []


def test_every_text_of_a_module_is_in_the_catalogue() -> None:
    marked = {text for path in MODULES for text in texts(path)} | {kind.label for kind in KINDS}
    assert len(marked) > 50 and marked <= {text for each in messages(catalog()) for text in ids(each)}
    sentences = {
        text for path in MODULES for text in source.strings(path) if re.fullmatch(r"[A-Z].* .*[.?!]", text, re.DOTALL)
    }
    assert len(sentences) > 30 and sentences - marked == NOT_SHOWN


def texts(path: Path) -> list[str]:
    """What the module gives to N_(), NN_(), gettext() and ngettext(): literals, each time."""
    calls = [node for node in ast.walk(source.tree(path)) if isinstance(node, ast.Call)]
    named = [call for call in calls if isinstance(call.func, ast.Name)]
    given = [call.args[0] for call in named if call.func.id in ("N_", "NN_", "gettext", "ngettext")]
    given += [call.args[1] for call in named if call.func.id in ("NN_", "ngettext")]
    others = {ast.unparse(each) for each in given if not isinstance(each, ast.Constant)}
    assert others <= {"kind.label", "part.one", "part.many"}
    return [str(each.value) for each in given if isinstance(each, ast.Constant)]


def ids(message: Message) -> tuple[str, ...]:
    """The English of a message: one text, or its singular and plural."""
    return message.id if isinstance(message.id, tuple) else (str(message.id),)


def test_every_text_is_translated_and_with_the_same_values_in_it() -> None:
    found = catalog()
    assert not found.obsolete
    for message in messages(found):
        said, translated = ids(message)[-1], message.string
        for text in translated if isinstance(translated, tuple) else (translated,):
            assert text and not message.fuzzy and (text == said) is (said in SAME), said
            assert sorted(re.findall(r"%\(\w+\)s|%", text)) == sorted(re.findall(r"%\(\w+\)s|%", said)), text
            assert text == text.strip() and (text[-1] in ".?") is (said[-1] in ".?"), text


def test_the_catalogue_is_what_make_translations_makes_of_the_source(tmp_path: Path) -> None:
    """Nothing is missing from it and nothing left over, the compiled one is of this text, and it stays as it is."""
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv/bin").symlink_to(BIN)
    shutil.copy(ROOT / "Makefile", tmp_path)
    shutil.copytree(ROOT / "v1/doors/console", tmp_path / "v1/doors/console")
    shutil.copy(ROOT / "v1/kinds.py", tmp_path / "v1")
    (tmp_path / TURKISH / "messages.mo").unlink()
    command = ["make", "--old-file=.venv/installed", "translations"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=120)
    assert written(tmp_path) == written(ROOT), AGAIN
    compiled = [compiled_texts(place) for place in (tmp_path, ROOT)]
    assert compiled[0] == compiled[1] == {plain(each.id): plain(each.string) for each in messages(catalog())}, AGAIN


def written(place: Path) -> list[str]:
    """The lines of the catalogue but for the one that names Babel's version."""
    lines = (place / TURKISH / "messages.po").read_text().splitlines()
    return [line for line in lines if not line.startswith('"Generated-By:')]


def compiled_texts(place: Path) -> dict[str, str]:
    with (place / TURKISH / "messages.mo").open("rb") as file:
        return {plain(each.id): plain(each.string) for each in read_mo(file) if each.id}


def plain(text: str | list[str] | tuple[str, ...]) -> str:
    """A text, or the forms of one, as one text."""
    return text if isinstance(text, str) else " / ".join(text)
