"""Rows out of nothing, for SQL that fills tables: MariaDB and MySQL both make them from JSON."""


def numbers(last: object, name: str = "numbers") -> str:
    """A table of this name for a FROM clause: its column `seq` counts from 1 to `last`, which is a number or SQL."""
    return f"JSON_TABLE(CONCAT('[', REPEAT('0,', {last} - 1), '0]'), '$[*]' COLUMNS (seq FOR ORDINALITY)) AS {name}"
