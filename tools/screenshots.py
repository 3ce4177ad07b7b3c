"""Make the pictures of docs/images from a running site.

    kb serve &
    python -m tools.screenshots http://127.0.0.1:8000

Run from the top folder of the repository. Chromium is needed, as for the browser tests, and
Pillow (13.0 will do), which makes the files a third of their size: pip install pillow
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from urllib.parse import quote_plus

from PIL import Image
from playwright.sync_api import Browser

from tests.browser.chromium import HOW, executable, launched

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "images"
QUESTION = "paying people in a crisis when nobody has a bank account"
PAGES = {
    "home": "/",
    "search": f"/search?q={quote_plus(QUESTION)}",
    "case": "/cases/momconnect-south-africa",
    "map": "/map",
    "matrix": "/matrix?rows=theme&cols=region.areas",
}
SIZES = {360: 800, 1440: 900}  # width and height of the window, in CSS pixels
SCHEMES = ("light", "dark")
COLOURS = 256  # in one picture; chosen so that rare ones, such as those of outcomes, stay true


def take(browser: Browser, address: str, folder: Path) -> Iterator[Path]:
    """Yield the path of each picture of the site at `address`, once it is in `folder`."""
    for (width, height), scheme in product(SIZES.items(), SCHEMES):
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if scheme == "dark" else "light",
            reduced_motion="reduce",
            locale="en-GB",
        )
        page = context.new_page()
        for name, path in PAGES.items():
            answer = page.goto(address.rstrip("/") + path)
            if answer is None or not answer.ok:
                sys.exit(f"{address}{path} does not answer as it should.")
            picture = folder / f"{name}-{width}-{scheme}.png"
            page.screenshot(path=picture)
            _compress(picture)
            yield picture
        context.close()


def _compress(picture: Path) -> None:
    with Image.open(picture) as image:
        few = image.convert("RGB").quantize(
            COLOURS, method=Image.Quantize.MAXCOVERAGE, kmeans=3, dither=Image.Dither.NONE
        )
    few.save(picture, optimize=True)


def main() -> None:
    """Take all pictures and name each."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    arguments.add_argument("address", help="of the running site, such as http://127.0.0.1:8000")
    arguments.add_argument("--folder", type=Path, default=FOLDER, help="default: docs/images")
    given = arguments.parse_args()
    chromium = executable()
    if chromium is None:
        sys.exit(HOW)
    given.folder.mkdir(parents=True, exist_ok=True)
    with launched(chromium) as browser:
        for picture in take(browser, given.address, given.folder):
            print(picture.name)


if __name__ == "__main__":
    main()
