"""What a first view costs on the wire."""

import gzip
import re

import pytest
from flask.testing import FlaskClient

BUDGET = 50_000
REQUESTS = 6


@pytest.mark.parametrize(
    "path", ["/", "/search", "/search?q=cash&theme=digital-payments", "/cases/cash-by-phone"]
)
def test_a_first_view_is_light(client: FlaskClient, path: str) -> None:
    page = client.get(path)
    files = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', page.text))
    parts = [page.data, *(client.get(file).data for file in sorted(files))]
    assert len(parts) <= REQUESTS
    assert sum(len(gzip.compress(part)) for part in parts) <= BUDGET


def test_nothing_is_fetched_from_elsewhere(client: FlaskClient) -> None:
    for path in ("/", "/search", "/cases/cash-by-phone", "/themes", "/pages/about"):
        page = client.get(path).text
        loaded = re.findall(r'<(?:script|img|iframe|source)[^>]+src="([^"]+)"', page)
        loaded += re.findall(
            r'<link[^>]+rel="(?:stylesheet|icon|preload)"[^>]+href="([^"]+)"', page
        )
        assert loaded
        assert all(address.startswith("/static/") for address in loaded)
