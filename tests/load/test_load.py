"""The site under load, by the numbers of the issue and small; the forms as a browser reads them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kb.app import ROOT
from tests.load.figures import at, figures, table
from tests.load.forms import form_to, forms_of
from tests.load.running import Load, run
from tests.load.site import postgresql, postgresql_here

#: Milliseconds that 95 of 100 searches may take at most, while all write and read.
SEARCH = 100.0
DATABASES: dict[str, Callable[[], Any]] = {"SQLite": nullcontext, "PostgreSQL": postgresql}


@pytest.mark.soak
@pytest.mark.parametrize("kind", DATABASES)
def test_twenty_write_and_fifty_read_for_two_minutes(kind: str, tmp_path: Path) -> None:
    if kind == "PostgreSQL" and postgresql_here() is None:
        pytest.skip("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    with DATABASES[kind]() as database:
        found = figures(run(Load(database=database or "")))
    print(table(found))
    folder = ROOT / "var" / "load"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{kind.lower()}.json").write_text(json.dumps(found, indent=1), encoding="utf-8")
    assert found["wrong"] == []
    assert found["published"] > found["writers"]
    assert found["times"]["search"]["number"] > 5 * found["readers"]
    assert found["times"]["search"]["p95"] < SEARCH


@pytest.fixture
def few_cases(tmp_path: Path) -> Path:
    """The content with six of its cases, whose index is made in a moment."""
    content = Path(shutil.copytree(ROOT / "content", tmp_path / "few"))
    cases = sorted(content.glob("cases/*.md"))
    for path in cases:
        if path not in cases[::20][:6]:
            path.unlink()
    shutil.rmtree(content / "packs")  # they are made of all of them
    return content


def test_some_write_and_read_for_a_moment_and_nothing_is_lost(few_cases: Path) -> None:
    """So that each run of all tests shows that the load can be trusted."""
    load = Load(seconds=4, writers=2, readers=2, editors=1, think=0.4, workers=1)
    found = figures(run(replace(load, content=few_cases)))
    assert found["wrong"] == []
    assert found["published"] >= 1
    assert found["times"]["search"]["number"] >= 1
    assert "| search |" in table(found)


PAGE = """
<form action="/one" id="form" data-save="/save">
  <input name="a" value="1 &amp; 2"><input type="hidden" name="b" value="">
  <input name="no" disabled>
  <input type="checkbox" name="c" value="x" checked><input type="checkbox" name="c" value="y">
  <input type="radio" name="d" value="m"><input type="radio" name="d" value="n" checked>
  <textarea name="e">\n first\r\nsecond\n</textarea>
  <select name="f"><option value="p">P</option><option value="q" selected>Q</option></select>
  <select name="g"><option value="r">R</option><option value="s">S</option></select>
  <button name="do" value="go" formaction="/two/moves/publish">Go</button>
</form><form action="/three"><button>x</button></form>
"""


def test_a_form_sends_what_a_browser_sends() -> None:
    one, three = forms_of(PAGE)
    assert one.pairs == [("a", "1 & 2"), ("b", ""), ("c", "x"), ("d", "n"),
                         ("e", " first\nsecond\n"), ("f", "q"), ("g", "r")]  # fmt: skip
    assert (one.id, one.save, one.boxes) == ("form", "/save", [("c", "y")])
    assert one.choices["d"] == ["m", "n"]
    assert form_to(PAGE, "/moves/publish") == one
    assert form_to(PAGE, "/three") == three
    assert one.filled({"a": "new", "z": "more"})[0] == ("a", "new")
    assert one.filled({"z": "more"})[-1] == ("z", "more")
    with pytest.raises(LookupError):
        form_to(PAGE, "/nowhere")


@pytest.mark.parametrize(("share", "found"), [(0.5, 50), (0.95, 95), (0.99, 99), (1.0, 100)])
def test_a_share_of_the_times_lies_below(share: float, found: int) -> None:
    assert at([float(n) for n in range(1, 101)], share) == pytest.approx(found, abs=1)
