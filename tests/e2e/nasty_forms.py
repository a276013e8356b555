"""Nasty forms for tests: random bodies and queries from word lists that hit every rule of PHP's parsers."""

import random

URLENCODED = b"application/x-www-form-urlencoded"
FIELDS = [b"username", b"password", b"device-info", b"debug"]
WORDS = [
    *FIELDS,
    *(b"=", b"&", b"[", b"]", b"%00", b"%5B", b"%5d", b"+", b".", b"a", b"%", b"%e9", b"%2", b"%%41", b"%FF", b"?"),
    *(b"[]", b"[x]", b"[[", b"[x]y", b"][", b"username=", b"&password=", b"&&", b"==", b";", b"%26", b"%3d", b"_info="),
]
BODY_WORDS = [*WORDS, b" ", b"\0", b"\n", b"#", b"\t", b"\xff"]  # which php -S refuses in a request line
LINES = [
    *(b"--B\r\n", b"--B\n", b"--B--\r\n", b"--B--", b"\r\n", b"\r\n", b"\n", b"\r", b"--", b"--Bx"),
    *(b"value", b"x\0y", b"a"),
    b'Content-Disposition: form-data; name="username"\r\n',
    b"content-disposition: form-data; name=password\r\n",
    b"Content-Disposition: form-data; name='debug'; x=y\r\n",
    b"Content-Disposition: form-data\r\n",
    b'Content-Disposition: form-data; filename="f"\r\n',
    b'Content-Disposition: form-data; name="username"; filename=""\r\n',
    b'Content-Disposition: form-data; name="password"; filename="f.txt"\r\n',
    b'Content-Disposition:form-data;name="user\\"name";name=username\r\n',
    b'Content-Disposition: form-data; name="username[]"\r\n',
    b'Content-Disposition: form-data; name*=utf-8\'\'username; NAME = "debug"\r\n',
    b"Content-Type: text/plain\r\n",
    b'X: y\r\n Content-Disposition: form-data; name="debug"\r\n',
    *(b' ; name="password"\r\n', b"\r\nadmin\r\n", b"NoColon\r\n", b'name="username[]"', b": x\r\n", b"\\", b'"', b"'"),
]
VALUES = [b"", b"x", b"\xff\0", b"--B", b"\r\n--Bx", b"a\nb", b"\r", b"\n"]
PART = b'--B\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'


def random_texts(words: list[bytes], count: int, longest: int, seed: int) -> list[bytes]:
    choose = random.Random(seed)
    return [b"".join(choose.choices(words, k=choose.randint(1, longest))) for _ in range(count)]


def random_multiparts(count: int, seed: int) -> list[bytes]:
    choose = random.Random(seed)

    def piece() -> bytes:
        whole = choose.random() < 0.25
        return PART % (choose.choice(FIELDS), choose.choice(VALUES)) if whole else choose.choice(LINES)

    return [b"".join(piece() for _ in range(choose.randint(1, 12))) for _ in range(count)]


NESTED = [
    b"username=a&username" + b"[x]" * depth + end + b"=1&password=x"
    for depth in (1, 2, 63, 64, 65, 66)
    for end in (b"", b"[", b"[q", b"[]", b"]")
]
MANY = [
    filler * count + b"username=u&password=p"
    for count in range(997, 1003)
    for filler in (b"a=1&", b"&", b"a&", b"=&")
]
