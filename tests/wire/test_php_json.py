"""The bytes of `json_encode(.., JSON_PRETTY_PRINT)`. (tests/e2e has a live PHP write the same.)"""

import json as python_json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from v1.wire import php_json


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a/b", r'"a\/b"'),
        ("é", r'"\u00e9"'),
        ("😀", r'"\ud83d\ude00"'),
        ('"\\', r'"\"\\"'),
        ("\x00\x1f\b\f\n\r\t", r'"\u0000\u001f\b\f\n\r\t"'),
        ("\x7f", '"\x7f"'),
        ("\\u007f", r'"\\u007f"'),
        ("\\\x7f", '"\\\\\x7f"'),
        ("<>&'", '"<>&\'"'),
        (1501257349, "1501257349"),
        (True, "true"),
        ([], "[]"),
        ({"a": [1, "x"]}, '{\n    "a": [\n        1,\n        "x"\n    ]\n}'),
    ],
)
def test_a_value_is_written_as_php_writes_it(value: object, text: str) -> None:
    assert php_json.encode(value) == text.encode("ascii")


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_every_text_comes_back_the_same(text: str) -> None:
    assert python_json.loads(php_json.encode({"x": text})) == {"x": text}
