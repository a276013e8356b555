"""Texts that break pages, for every field that is shown anywhere."""

from typing import Final

NASTY: Final = (
    "<script>document.title='taken'</script>",
    "\"><img src=x onerror=alert(1)> {{7*7}} %s %(x)s O'Brien \\",
    "הטלפון של דוד כהן",
    "هاتف أحمد، الطابق ٣",
    "\u202egnorw eht yaw dnuor",
    "q" + "\u0301\u0323\u0330" * 12 + " piled up",
    "📱" * 100,
    "W" * 200,
    "line\nbreak\ttab\u2028\x7f",
    "İğdır'daki ŞÖMİNE çalışma masası — ıslak",
)
"""The longest is as long as a device's name may be: 200 characters. Other fields take less of each."""
