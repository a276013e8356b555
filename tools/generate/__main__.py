"""`python -m tools.generate`: writes every generated file anew and prints the names of those that changed."""

from tools.generate import ROOT, texts

for name, text in texts().items():
    if (ROOT / name).read_text() != text:
        (ROOT / name).write_text(text)
        print(f"changed {name}")
