"""What machines read of the library that comes with the product; no browser is needed for it."""

import json
import re
import xml.etree.ElementTree as Tree
from urllib.request import Request, urlopen

import brotli
import pytest

from tests.kb.vocabulary import faults

pytestmark = pytest.mark.browser  # for the site, which is served once for all of these

LOC = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"
DATA = re.compile(r'<script type="application/ld\+json">(.*?)</script>')
#: The most that the page of a case may weigh, for what belongs to it comes beside: 26 KB.
HEAVIEST = 24_000


def sent(address: str) -> bytes:
    """The page as it comes over the wire to a browser of today."""
    asked = Request(address, headers={"Accept-Encoding": "br", "Accept": "text/html"})
    with urlopen(asked, timeout=60) as answer:
        assert answer.headers["Content-Encoding"] == "br"
        return bytes(answer.read())


def test_every_case_tells_its_facts_in_the_words_of_schema_org_and_keeps_its_budget(
    site: str,
) -> None:
    with urlopen(f"{site}/sitemap.xml", timeout=60) as answer:
        found = [loc.text or "" for loc in Tree.fromstring(answer.read()).iter(LOC)]
    cases = [address for address in found if "/cases/" in address]
    assert len(cases) >= 100
    for address in cases:
        page = sent(address)
        assert len(page) <= HEAVIEST, address
        (data,) = DATA.findall(brotli.decompress(page).decode())
        assert list(faults(json.loads(data))) == [], address
