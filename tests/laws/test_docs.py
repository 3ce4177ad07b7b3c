"""What is made from the code is fresh, and everything is in it."""

import pytest

from kb.errors import TROUBLES
from kb.reference import DOCS, REFERENCES
from kb.settings import SETTINGS


@pytest.mark.parametrize("name", REFERENCES)
def test_a_page_made_from_the_code_is_up_to_date(name: str) -> None:
    written = (DOCS / name).read_text(encoding="utf-8")
    assert written == REFERENCES[name](), "run: python -m kb.reference"


def test_every_setting_and_error_is_told() -> None:
    settings = REFERENCES["settings.md"]()
    assert all(f"`{row.name}`" in settings and row.help in settings for row in SETTINGS)
    routes = REFERENCES["routes.md"]()
    assert all(f"`{kind.__name__}`" in routes for kind in TROUBLES)
