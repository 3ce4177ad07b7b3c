"""The process that draws a book: HTML on the standard input, the PDF on the standard output.

Each page that has been laid out is told by its number on a line of the error stream. Nothing is
fetched: what stands in the HTML, and the fonts in the folder that the argument names, is all.
"""

from __future__ import annotations

import logging
import re
import sys
from typing import Any

_PAGE = re.compile(r"Creating layout - Page (\d+)")


class _Told(logging.Handler):
    """Tells of each page."""

    def emit(self, record: logging.LogRecord) -> None:
        found = _PAGE.search(record.getMessage())
        if found:
            sys.stderr.write(f"{found[1]}\n")
            sys.stderr.flush()


def draw(html: str, fonts: str) -> bytes:
    """The PDF of a page; `fonts` is the address of the folder in which its fonts lie."""
    from weasyprint import HTML
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher

    class Fetcher(URLFetcher):  # type: ignore[misc, unused-ignore]
        """Gives what is written in the page itself, and its fonts."""

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            """What an address stands for; raises ValueError for all others."""
            if not url.startswith(("data:", fonts)):
                raise ValueError(f"nothing is fetched from {url[:80]}")
            return super().fetch(url, headers)

    page = HTML(string=html, base_url="about:blank", url_fetcher=Fetcher())
    made = page.write_pdf(font_config=FontConfiguration(), pdf_tags=True)
    return bytes(made or b"")


def main() -> None:
    """Read, draw, answer."""
    progress = logging.getLogger("weasyprint.progress")
    progress.setLevel(logging.INFO)
    progress.addHandler(_Told())
    progress.propagate = False
    html = sys.stdin.buffer.read().decode()
    sys.stdout.buffer.write(draw(html, sys.argv[1]))


if __name__ == "__main__":
    main()
