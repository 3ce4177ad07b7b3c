"""A case as a chapter of a book: its pinned text, facts, figures and sources as plain values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import unquote, urlsplit

from babel.units import format_unit
from markupsafe import Markup

from indexer.headings import ENGLISH, meaning
from kb import markup
from kb.house_markdown import MEDIA
from kb.house_xhtml import Surroundings
from kb.pieces import case as pieces
from kb.present.book_words import words_in
from kb.present.case import labels, sources_of
from kb.present.facts import fact_box
from kb.present.figures import WIDEST, references, split_figures
from kb.present.lines import HEIGHT
from kb.present.words import Reader, direction_of, locale_of
from kb.services.citing import Place, apa, csl_item
from kb.services.packing.book import (
    Bar,
    Bars,
    Chapter,
    Chart,
    Fact,
    Figure,
    Level,
    Licence,
    Line,
    Listing,
    Passage,
    Point,
    Prose,
    Row,
    Source,
)
from kb.services.packing.texts import licence_address, licence_name
from kb.services.packs import ARCHIVED, MISSING, REMOVED, WITHDRAWN, ReadItem
from kb.translation import gettext as _
from kb.translation import speaking

Front = Mapping[str, Any]
#: What the headings of a case tell, in the order of `indexer.headings`.
ROLES = dict(
    zip(
        ENGLISH,
        ("context", "done", "results", "failure", "lessons", "repeat", "lasting"),
        strict=True,
    )
)
_PICTURE = re.compile(rf'<img[^>]*?\ssrc="{MEDIA}([^"]+)"')


@dataclass(frozen=True)
class Making:
    """What a book is made with: the names of terms, where it comes from, the pictures of texts.

    `pictures` gives the name in the book of each picture of the library; `reader` reads the book in
    its language.
    """

    reader: Reader
    place: Place
    pictures: Mapping[str, str]


@dataclass(frozen=True)
class Around:
    """What is said of a case in the language of the book."""

    label: str
    time: str
    version: str
    notices: tuple[str, ...]


def rendered(body: str, sources: Sequence[Front], lang: str, origin: str) -> markup.Rendered:
    """A text as clean HTML, with the words around it in its language."""
    ids = tuple(str(source.get("id")) for source in sources)
    return markup.render(body, ids, urlsplit(origin).hostname or "", labels(locale_of(lang)))


def pictures_in(text: markup.Rendered) -> tuple[str, ...]:
    """The names of the pictures of the library that a text shows."""
    html = (text.lead, *(part.body for part in text.sections), text.footnotes)
    return tuple(unquote(unescape(name)) for one in html for name in _PICTURE.findall(str(one)))


def text_of(item: ReadItem, origin: str) -> markup.Rendered:
    """The text of a case as clean HTML, in the words of its own language."""
    with speaking(item.lang, words_in(item.lang)):
        return rendered(item.body, item.front.get("sources") or (), item.lang, origin)


def chapter(item: ReadItem, text: markup.Rendered | None, made: Making, source: str) -> Chapter:
    """The chapter of a case; `text` is its text as HTML, None for none, `source` its file.

    To be called while the language of the book is spoken.
    """
    around = Around(
        label=_("Case %(number)s", number=item.number),
        time=lasting(item.item.minutes or 0, made.reader),
        version=version(item, made.reader),
        notices=tuple(_notices(item, made.reader.lang)),
    )
    with speaking(item.lang, words_in(item.lang)):
        return _chapter(item, text or markup.NO_TEXT, made, source, around)


def lasting(minutes: int, reader: Reader) -> str:
    """So many minutes in hours and minutes, "" for none."""
    parts = zip(divmod(minutes, 60), ("duration-hour", "duration-minute"), strict=True)
    return " ".join(
        format_unit(number, unit, length="short", locale=reader.locale)
        for number, unit in parts
        if number
    )


def version(item: ReadItem, reader: Reader) -> str:
    """Which text of a case it is, "" where there is none."""
    if not item.shown:
        return ""
    if item.as_of is None:
        return _("Text %(revision)s", revision=item.revision)
    day = reader.date(item.as_of.isoformat())
    return _("Text %(revision)s of %(day)s", revision=item.revision, day=day)


def _notices(item: ReadItem, lang: str) -> Iterable[str]:
    """What participants should know of the text that they are given."""
    gone = {
        ARCHIVED: _("This case was archived."),
        WITHDRAWN: _("This case was withdrawn; its text is not given any more."),
        REMOVED: _("This case is not in the library any more."),
        MISSING: _("This case is not in the library any more."),
    }
    if item.state in gone:
        yield " ".join(filter(None, (gone[item.state], item.reason)))
    if item.changed and not item.state:
        yield _("The case has changed since this text was taken.")
    if item.shown and item.lang != lang:
        yield _("This text is not translated; it stands in its original language.")
    if item.behind:
        yield _("The original has changed since this translation was made.")


def _chapter(
    item: ReadItem,
    text: markup.Rendered,
    made: Making,
    source: str,
    said: Around,
) -> Chapter:
    front, lang, id_ = item.front, item.lang, f"case-{item.number}"
    reader = Reader(lang, made.reader.vocabularies)
    around = Surroundings(id_, made.place.origin, made.pictures)
    charts, figures = split_figures(front.get("results") or (), reader, lang)
    themes = reader.labels("themes", front.get("themes") or ())
    cited = csl_item(item.key, front, item.revision, made.place, themes)
    return Chapter(
        id=id_,
        number=item.number,
        slug=item.key.slug,
        lang=lang,
        direction=direction_of(lang),
        title=item.title,
        summary=str(front.get("summary") or ""),
        url=made.place.of_case(item.key),
        revision=item.revision,
        pinned=item.item.pinned,
        updated=item.as_of,
        minutes=item.item.minutes or 0,
        note=item.item.note,
        questions=item.item.questions,
        label=said.label,
        time=said.time,
        version=said.version,
        notices=said.notices,
        facts=tuple(_facts(front, reader, lang)) if front else (),
        lead=prose(text.lead, around),
        passages=tuple(
            _passage(part, f"{id_}-{number}", lang, around)
            for number, part in enumerate(text.sections, 1)
        ),
        footnotes=markup.in_book(text.footnotes, around)[0],
        charts=tuple(map(_chart, charts)),
        figures=tuple(map(_figure, figures)),
        lists=tuple(_lists(front, reader)),
        sources=tuple(
            Source(one.id, one.title, one.url, one.publisher, one.year)
            for one in sources_of(front, {})
        ),
        licence=licence(front),
        citation=apa(cited, lang) if front else "",
        item=cited,
        markdown=source,
    )


def prose(html: Markup, around: Surroundings) -> Prose:
    """A piece of clean HTML as a text of a book."""
    return Prose(*markup.in_book(html, around)) if html.strip() else Prose()


def _passage(part: markup.Section, id_: str, lang: str, around: Surroundings) -> Passage:
    around.ids[part.id] = id_
    heading, title = markup.in_book(part.heading, around)
    return Passage(
        id=id_,
        title=" ".join(title),
        heading=heading,
        prose=prose(part.body, around),
        role=ROLES.get(meaning(part.title, lang), ""),
    )


def licence(front: Front) -> Licence:
    """The licence of a text."""
    id_ = str(front.get("license") or "")
    return Licence(id_, licence_name(id_), licence_address(id_)) if id_ else Licence()


# Facts -------------------------------------------------------------------------------------


def _facts(front: Front, reader: Reader, lang: str) -> Iterable[Fact]:
    for fact in fact_box(front, reader, lang):
        values = [one.label for one in fact.values]
        if fact.inline:
            values = [reader.listed(values)]
        values += [fact.mark.label] if fact.mark else []
        values += [_grant(one) for one in fact.grants]
        yield Fact(fact.name, tuple(values))
    for name, vocabulary, rows in (
        (_("Goals served"), "sdgs", front.get("sdgs")),
        (_("WSIS Action Lines"), "action_lines", front.get("action_lines")),
    ):
        ids = [str(row.get("goal") if isinstance(row, Mapping) else row) for row in rows or ()]
        if ids:
            told = (f"{one} {_short(reader.label(vocabulary, one))}" for one in ids)
            yield Fact(name, (" · ".join(told),))


def _short(label: str) -> str:
    """A long name without what stands behind its colon."""
    return re.split("[:：]", label)[0].strip()


def _grant(grant: pieces.Grant) -> str:
    """A sum of money in one line."""
    amount = f"{grant.amount} {grant.currency}".strip()
    first = f"{amount} ({grant.when})" if grant.when else amount
    return " · ".join(filter(None, (first.strip(), grant.instrument, grant.by.label, grant.note)))


def _lists(front: Front, reader: Reader) -> Iterable[Listing]:
    again = tuple(
        Row(
            name=reader.label("countries", str(row["country"])) if row.get("country") else "",
            beside=str(row.get("year") or row.get("year_note") or ""),
            text=str(row.get("note") or ""),
            sources=_numbers(references(row, 0)),
        )
        for row in front.get("replications") or ()
    )
    if again:
        yield Listing(_("Done again elsewhere"), again)
    policies = tuple(
        Row(
            name=str(row.get("title") or ""),
            beside=reader.listed(filter(None, _of_policy(row, reader))),
            url=str(row.get("url") or ""),
        )
        for row in front.get("policies") or ()
    )
    if policies:
        yield Listing(_("Laws and policies behind it"), policies)


def _of_policy(row: Front, reader: Reader) -> Iterable[str]:
    yield reader.label("policy_kinds", str(row["kind"])) if row.get("kind") else ""
    yield reader.label("countries", str(row["country"])) if row.get("country") else ""
    yield str(row.get("year") or "")


# Figures -----------------------------------------------------------------------------------


def _chart(chart: pieces.Chart) -> Chart:
    rows = tuple(map(_figure, chart.rows))
    note = _("Counted by: %(who)s.", who=chart.note) if chart.note else ""
    if isinstance(chart, pieces.BarChart):
        return Bars(chart.title, note, tuple(map(_bar, chart.bars)), rows)
    return Line(
        title=chart.title,
        unit=chart.unit,
        note=note,
        told=chart.told,
        floor=_share(chart.floor),
        points=tuple(
            Point(float(dot.x), _share(dot.y), dot.value, dot.year, dot.anchor)
            for dot in chart.dots
        ),
        levels=tuple(Level(_share(level.y), level.label, level.how) for level in chart.levels),
        sources=_numbers(chart.sources),
        rows=rows,
    )


def _share(pixels: str) -> float:
    """A height of a drawing of the pages in per cent."""
    return float(pixels) * 100 / HEIGHT


def _bar(bar: pieces.Bar) -> Bar:
    share = min(100.0, float(bar.width) * 100 / WIDEST)
    return Bar(bar.label, bar.value, share, bar.how, _numbers(bar.sources))


def _figure(row: pieces.Figure) -> Figure:
    return Figure(
        indicator=row.indicator,
        value=row.value,
        when=row.when,
        baseline=row.baseline,
        target=row.target,
        note=row.note,
        counted_by=row.counted_by,
        sources=_numbers(row.sources),
    )


def _numbers(cited: Iterable[pieces.Reference]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.source for one in cited))
