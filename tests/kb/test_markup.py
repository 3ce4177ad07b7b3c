import re

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.house_markdown import Labels
from kb.markup import CLASSES, TAGS, Rendered, render


def whole(rendered: Rendered) -> str:
    sections = "".join(f"<h2>{s.heading}</h2>{s.body}" for s in rendered.sections)
    return rendered.lead + sections + rendered.footnotes


def html(text: str, *sources: str) -> str:
    return whole(render(text, sources, "library.example.org"))


def test_sections_are_split_at_level_two_headings() -> None:
    read = render("Before.\n\n## Context\n\nOne.\n\n### Part\n\n## What *went* wrong\n\nTwo.\n")
    assert "Before." in read.lead
    assert [(s.id, s.title) for s in read.sections] == [
        ("s-context", "Context"),
        ("s-what-went-wrong", "What went wrong"),
    ]
    assert "One." in read.sections[0].body
    assert '<h3 id="s-part">' in read.sections[0].body


def test_a_heading_of_level_one_becomes_level_two() -> None:
    assert render("# Title\n\nText").sections[0].title == "Title"


def test_headings_in_any_script_get_an_anchor_with_a_prefix() -> None:
    ids = [s.id for s in render("## النتائج\n\n## 结果\n\n## Results\n\n## Results\n").sections]
    assert ids == ["s-النتائج", "s-结果", "s-results", "s-results_1"]


def test_references_link_to_the_sources_and_back() -> None:
    read = render("It grew [1]. It fell [2][1].", ("1", "2"))
    assert 'grew<sup class="source-ref"><a' in read.lead
    assert 'href="#source-2"' in read.lead
    assert read.references == {"1": ("ref-1-1", "ref-1-2"), "2": ("ref-2-1",)}
    assert all(f'id="{id_}"' in read.lead for ids in read.references.values() for id_ in ids)


@pytest.mark.parametrize("text", ["[7]", "`[1]`", "\\[1]", "[1](https://example.org)"])
def test_what_only_looks_like_a_reference_is_none(text: str) -> None:
    assert "source-ref" not in html(text, "1")


def test_tables_footnotes_and_definition_lists_are_read() -> None:
    read = html("| a | b |\n|---|--:|\n| 1 | 2 |\n\nTerm\n: Meaning[^n]\n\n[^n]: A note.\n")
    assert '<td class="align-right">2</td>' in read
    assert 'role="region"' in read
    assert "<dd>Meaning" in read
    assert "A note." in read
    assert "style=" not in read


def test_links_to_other_sites_are_marked() -> None:
    read = html("[a](https://example.org/x) [b](/cases/c) [c](https://library.example.org/d)")
    assert '<a class="external" href="https://example.org/x" rel="noopener">' in read
    assert read.count("external") == 1


def test_pictures_come_from_this_site_alone() -> None:
    read = html("![A map](/media/map.png) ![Far](https://example.org/x.png) ![](media/a.png)")
    assert 'alt="A map"' in read
    assert read.count('loading="lazy"') == 2
    assert 'src="https' not in read
    assert ">Far</a>" in read


HASH = "0123456789abcdef" * 2
PICTURE, PAPER = f"{HASH}-1600x900.webp", f"{HASH}-1180kb.pdf"


def test_a_picture_tells_its_size_and_the_sizes_to_choose_from() -> None:
    read = html(f"![A map](media/{PICTURE})")
    assert f'src="/media/{PICTURE}"' in read
    assert 'width="1600"' in read
    assert 'height="900"' in read
    assert (
        f'srcset="/media/{HASH}-480.webp 480w, /media/{HASH}-960.webp 960w,'
        f' /media/{PICTURE} 1600w"' in read
    )
    assert "srcset" not in html(f"![A map](media/{HASH}-300x200.webp)")
    assert "width" not in html("![A map](media/by-hand.png)")


def test_a_picture_alone_is_a_figure_and_its_title_the_caption() -> None:
    read = html(f'![A map](media/{PICTURE} "The *coast* & more")\n\nText ![B](media/b.png "t") on.')
    assert "<figcaption>The *coast* &amp; more</figcaption></figure>" in read
    assert read.count("<figure>") == 1
    assert 'title="t"' in read
    assert "<figure><img" in html(f"![A map](media/{PICTURE})")
    assert "figcaption" not in html(f"![A map](media/{PICTURE})")


def test_pictures_of_a_draft_are_those_of_the_draft() -> None:
    text = f"![A map](media/{PICTURE}) [Report](media/{PAPER}) ![b](media/a%20b.png)"
    read = whole(render(text, draft="abc-_1"))
    assert f'src="/attachments/{PICTURE}?draft=abc-_1"' in read
    assert f"/attachments/{HASH}-480.webp?draft=abc-_1 480w" in read
    assert f'href="/attachments/{PAPER}?draft=abc-_1"' in read
    assert 'src="/attachments/a%20b.png?draft=abc-_1"' in read
    assert "/media/" not in read


def test_a_link_to_a_document_tells_its_type_and_size() -> None:
    read = html(f"[The *final* report](media/{PAPER}#page=3)")
    assert f'href="/media/{PAPER}#page=3"' in read
    assert "The <em>final</em> report (PDF, 1.2 MB)</a>" in read
    assert 'download="The final report.pdf"' in read
    small = whole(
        render(f"[R](media/{HASH}-40kb.pdf)", labels=Labels(kilobytes="{} Ko", point=","))
    )
    assert "R (40 Ko)" in small
    comma = render(f"[R](media/{PAPER})", labels=Labels(megabytes="PDF, {} Mo", point=","))
    assert "R (PDF, 1,2 Mo)" in whole(comma)
    assert 'download="a .. b.pdf"' in html(f"[a/../b?](media/{PAPER})")


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt&colon;alert(1))",
        "![x](javascript:alert(1))",
        "![x](/media/../../x.png)",
        "<img src=x onerror=alert(1)>",
        "<a href='x' onclick='y'>z</a>",
        "[x]: javascript:alert(1)\n\n[x]",
        "<javascript:alert(1)>",
        '![x](/media/a.png "\\" onload=alert(1)")',
        f'![" onload=alert(1)](media/{PICTURE} "<script>")',
        f"[x](media/{PAPER}?javascript:alert(1)#<script>)",
        "# <svg onload=alert(1)>",
        "[^x]: <script>1</script>\n\nSee [^x]",
    ],
)
def test_nothing_that_could_run_survives(text: str) -> None:
    assert_harmless(html(text))


@given(
    st.text(alphabet=st.sampled_from("<>\"'&;:/\\[](){}!#*_`~^|-=: \n\tajscripton1"), max_size=120)
)
def test_no_text_makes_anything_but_the_allowed_elements(text: str) -> None:
    assert_harmless(html(text, "1"))


def test_text_nested_too_deeply_is_shown_as_it_is() -> None:
    assert "&gt;" in html(">" * 5000 + " deep")


def scheme_of(address: str) -> str:
    """The scheme as a browser reads it, "" for a relative address."""
    seen = re.sub(r"[\x00-\x20]", "", address).lower()
    match = re.match(r"([a-z][a-z0-9+.-]*):", seen)
    return match[1] if match else ""


def assert_harmless(read: str) -> None:
    tree = html5lib.parseFragment(read, namespaceHTMLElements=False)
    for element in tree.iter():
        if element is tree or not isinstance(element.tag, str):
            continue
        assert element.tag in TAGS, element.tag
        for name, value in element.attrib.items():
            assert not name.startswith("on")
            assert name != "style"
            if name == "srcset":
                assert set(re.findall(r"(?:^|, )(\S)", value)) == {"/"}
            if name in ("href", "src"):
                assert scheme_of(value) in ("", "http", "https", "mailto"), value
            if name == "class":
                assert set(value.split()) <= CLASSES


def found(text: str) -> list[tuple[int, int, str]]:
    """Find the term "open source"."""
    at = text.find("open source")
    return [(at, at + len("open source"), "open-source")] if at >= 0 else []


def test_a_term_is_explained_where_it_first_stands_and_not_in_headings_or_links() -> None:
    text = "## open source\n\n[open source](/x) and *more* open source, open source.\n\nopen source"
    shown = render(text, terms_in=found)
    assert shown.terms == ("open-source",)
    (section,) = shown.sections
    assert section.body.count("<button") == 1
    assert (
        '<em>more</em> <button class="term" popovertarget="term-open-source">open source</button>,'
        in section.body
    )


def test_a_button_that_an_author_writes_is_text() -> None:
    assert "<button" not in render('<button popovertarget="term-x">x</button>').lead


def test_a_passage_in_another_script_runs_in_its_own_direction() -> None:
    arabic = (
        "نص عربي طويل في هذه الفقرة.\n\n> Only English here.\n\n"
        "- أولا\n- R&D (2015)\n\nM-Pesa في كينيا"
    )
    whole = str(render(arabic).lead)
    assert '<p dir="ltr">Only English here.</p>' in whole
    assert '<li dir="ltr">R&amp;D (2015)</li>' in whole
    assert "<p>M-Pesa في كينيا</p>" in whole
    assert whole.count("dir=") == 2
    english = "A text in English, with a saying.\n\n> مثل عربي\n\n| a | b |\n|---|---|\n| نص | 5 |"
    whole = str(render(english).lead)
    assert '<p dir="rtl">مثل عربي</p>' in whole
    assert '<td dir="rtl">نص</td>' in whole
    assert whole.count("dir=") == 2
    assert "dir=" not in str(render("Plain [text](https://example.org).\n\n- a").lead)


def test_references_side_by_side_are_told_apart() -> None:
    for text in ("So it was [1][2].", "So it was [1] [2].", "So it was [1, 2]."):
        whole = str(render(text, ("1", "2")).lead)
        assert re.sub("<[^>]*>", "", whole).strip() == "So it was1, 2."
