"""Tables to take away: CSV that no spreadsheet takes for something to run."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

#: What a spreadsheet may take a cell for a formula by, when it stands first.
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
#: By which spreadsheets know that the text is UTF-8.
MARK = "\ufeff"


def csv_lines(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The lines of a CSV file as they are needed, its head first."""
    yield MARK + _line(head)
    for row in rows:
        yield _line([harmless(str(cell)) for cell in row])


def harmless(cell: str) -> str:
    """The cell, with a ' in front where a spreadsheet might run it."""
    return f"'{cell}" if cell.startswith(RISKY) else cell


def _line(cells: Sequence[str]) -> str:
    file = io.StringIO()
    csv.writer(file).writerow(cells)
    return file.getvalue()
