"""docs/settings.md and config/service.env.example, from the declarations of v1/settings/."""

import re
import textwrap
from collections.abc import Iterator

from v1.settings import GROUPS
from v1.settings.declaration import NO_DEFAULT, Declaration, declarations, written

PAGE = """\
# Settings

All settings are environment variables. `config/service.env.example` lists them with their defaults. `gatepass`
commands and gunicorn read the same ones. If a setting is wrong, the service does not start, and prints all problems at
once.

`make docs` writes this page and the example from the declarations in `v1/settings/`.
"""

EXAMPLE = """\
# Every setting of Gatepass with its default. docs/settings.md says more.
# Copy this file to one that is owned by root, with mode 0600. systemd (EnvironmentFile=) reads it before it becomes the
# service's user. A root shell loads it with `set -a`.
"""


def page() -> str:
    """docs/settings.md: a table of contents, then a section for each setting."""
    sections = [_section(each) for group in GROUPS for each in declarations(group)]
    return "\n".join([PAGE, *_contents(), "", "\n\n".join(sections)]) + "\n"


def _contents() -> Iterator[str]:
    yield from ("| about | settings |", "|---|---|")
    for group in GROUPS:
        links = ", ".join(f"[{each.name}](#{each.name.lower()})" for each in declarations(group))
        yield f"| {group.__doc__} | {links} |"


def _section(declared: Declaration) -> str:
    """The heading of a setting, the first paragraph of its help, its default and its form, and the rest of its help."""
    first, *rest = declared.help.split("\n\n")
    form = declared.read.form
    default = _default(declared) + (f" {form[0].upper()}{form[1:]}." if form else "")
    return "\n\n".join([f"## {declared.name}", *map(_wrapped, [first, default, *rest])])


def _default(declared: Declaration) -> str:
    """The default as a sentence: a value as code, or words."""
    if not declared.default_text:
        return "No default." if declared.default is NO_DEFAULT else "Default: none."
    is_value = declared.default_text == written(declared.default)
    return f"Default: `{declared.default_text}`." if is_value else f"Default: {declared.default_text}."


def _wrapped(paragraph: str, prefix: str = "") -> str:
    """The paragraph in lines of 120 characters; tables and lists stay as they are."""
    if paragraph.startswith(("|", "- ")):
        return paragraph
    joined = " ".join(paragraph.split())
    return textwrap.fill(
        joined, 120, initial_indent=prefix, subsequent_indent=prefix, break_long_words=False, break_on_hyphens=False
    )


def example() -> str:
    """config/service.env.example: a comment and a line for each setting."""
    parts = [EXAMPLE]
    for group in GROUPS:
        parts += [f"# ---- {group.__doc__} ----\n", *map(_entry, declarations(group))]
    return "\n".join(parts)


def _entry(declared: Declaration) -> str:
    """The setting's comment and its line: active if it has a preset, else commented out and showing the default."""
    comment = re.sub(r"\[(.+?)\]\(.+?\)", r"\1", declared.help.split("\n\n")[0])
    if declared.example or declared.preset is not None:
        comment += f" {_default(declared)}"
    value = declared.example or written(declared.default)
    line = f"#{declared.name}={value}" if declared.preset is None else f"{declared.name}={declared.preset}"
    return f"{_wrapped(comment, '# ')}\n{line}\n"
