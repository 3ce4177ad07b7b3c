"""Cells of tables that people open in spreadsheets, made so that none of them runs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

#: What a spreadsheet may take a cell for a formula by, when it stands first.
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
#: By which spreadsheets know that the text is UTF-8.
MARK = "\ufeff"
Cell = str | int | float | None


def harmless(cell: object) -> str | int | float:
    """The cell, a text with a ' in front where a spreadsheet might run it; a number stays one.

    Spaces in front hide nothing: some programs take them away.
    """
    if isinstance(cell, int | float):
        return cell
    text = "" if cell is None else str(cell)
    risky = text.startswith(RISKY) or text.lstrip().startswith(RISKY)
    return f"'{text}" if risky else text


def csv_lines(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The lines of a CSV file (RFC 4180) as they are needed, its head first."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(head)
    yield MARK + _taken(file)
    for cells in rows:
        writer.writerow([harmless(cell) for cell in cells])
        yield _taken(file)


def _taken(file: io.StringIO) -> str:
    text = file.getvalue()
    file.seek(0)
    file.truncate()
    return text
