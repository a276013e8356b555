"""The generated parts of a document that people write: each stands between two markers.

    <!-- generated: urls -->
    ...
    <!-- end -->
"""

import re
from collections.abc import Mapping

SECTION = re.compile(r"(<!-- generated: ([\w-]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def filled(document: str, parts: Mapping[str, str]) -> str:
    """The document with each part between its markers. Raises ValueError if the document has other parts than these."""
    names = [name for _, name, _ in SECTION.findall(document)]
    if sorted(names) != sorted(parts):
        raise ValueError(f"the document has markers for {sorted(names)}, and the generator writes {sorted(parts)}")
    return SECTION.sub(lambda section: f"{section[1]}\n{parts[section[2]]}\n\n{section[3]}", document)
