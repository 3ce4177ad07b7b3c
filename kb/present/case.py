"""The page of a case: its text, its facts, and what belongs to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from babel.numbers import get_decimal_symbol
from flask import current_app
from flask_babel import get_locale

from indexer.headings import meaning
from kb import markup
from kb.house_markdown import Labels
from kb.pages.reading import CasePage
from kb.pieces.common import Link
from kb.pieces.reading import Explained, Goal, Part, Policy, Replication, Source
from kb.present.facts import fact_box, web_address
from kb.present.figures import split_figures
from kb.present.head import case_head
from kb.present.hits import found
from kb.present.linked_data import linked_data
from kb.present.links import absolute, case_url, term_url, ways_outside
from kb.present.words import Reader
from kb.services.reading import Reading
from kb.translation import gettext as _

FAILURE, FIGURES = "What went wrong", "Results"
Front = Mapping[str, Any]


def case_page(case: Reading, reader: Reader, editable: bool = False) -> CasePage:
    """All that the page of a case shows; `editable` to whoever may begin a draft of it."""
    front = case.front
    path = case_url(case.key.slug, case.key.lang)
    text = rendered(case, explaining=reader)
    charts, figures = split_figures(front.get("results") or (), reader)
    parts = tuple(_part(section, case.lang) for section in text.sections)
    return CasePage(
        title=str(front.get("title") or case.key.slug),
        canonical=absolute(path),
        lang=case.lang,
        crumbs=_crumbs(front, reader),
        summary=str(front.get("summary") or ""),
        lead=text.lead,
        parts=parts,
        footnotes=text.footnotes,
        facts=fact_box(front, reader),
        goals=_goals(front, reader),
        action_lines=_action_lines(front, reader),
        charts=charts,
        figures=figures,
        figures_apart=not any(part.figures for part in parts),
        replications=tuple(_replication(row, reader) for row in front.get("replications") or ()),
        policies=tuple(_policy(row, reader) for row in front.get("policies") or ()),
        sources=sources_of(front, text.references),
        similar=found(case.similar, reader),
        elsewhere=found(case.elsewhere, reader),
        citation=_citation(case, reader, absolute(path)),
        forms=_forms(path),
        terms=tuple(explained(id_, case.lang, reader) for id_ in text.terms),
        translations=_translations(case, reader, absolutely=False),
        alternates=_translations(case, reader, absolutely=True),
        behind_url=case_url(case.key.slug) if case.behind else "",
        overdue=_overdue(case, reader),
        report_url=f"{path}/report",
        history_url=f"{path}/history",
        edit_url=f"{path}/edit" if editable else "",
        outside=ways_outside(case.key, editable),
        machines=case_head(case, reader, absolute(path)),
        linked_data=linked_data(case, reader, absolute(path)),
    )


def rendered(
    reading: Reading, explaining: Reader | None = None, draft: str = ""
) -> markup.Rendered:
    """The body of a document as clean HTML, with terms marked that are explained to a reader.

    `draft` is the token of the draft that it is a text of, "" for what is public: only those who
    may see the draft see its pictures.
    """
    labels = Labels(
        source=_("Source {}"),
        table=_("Table"),
        back=_("Back to footnote {} in the text"),
        kilobytes=_("PDF, {} KB"),
        megabytes=_("PDF, {} MB"),
        point=get_decimal_symbol(get_locale()),
    )
    ids = tuple(str(source.get("id")) for source in reading.front.get("sources") or ())
    host = urlsplit(current_app.config["ORIGIN"]).hostname or ""
    find = explaining.vocabularies.finder(reading.lang) if explaining else None
    return markup.render(reading.body, ids, host, labels, find, draft=draft)


def explained(id_: str, lang: str, reader: Reader) -> Explained:
    """A term of the glossary as a text in `lang` calls it."""
    term = reader.vocabularies.glossary[id_]
    expansion = str(term.extra.get("expansion") or "")
    label = term.label(lang)
    return Explained(id_, label, "" if expansion == label else expansion, term.definition)


def _part(section: markup.Section, lang: str) -> Part:
    told = meaning(section.title, lang)
    return Part(
        section.id, section.heading, section.body,
        failure=told == FAILURE, figures=told == FIGURES,
    )  # fmt: skip


def _crumbs(front: Front, reader: Reader) -> tuple[Link, ...]:
    """Region, lead country, first theme: the ways in which people come to look around."""
    crumbs = []
    countries = front.get("countries") or ()
    regions = list(front.get("regions") or ())[:1]
    if countries:
        regions = list(home_region(countries[0], reader))
    crumbs += [Link(reader.label("regions", id_), term_url("region", id_)) for id_ in regions]
    crumbs += [
        Link(reader.label("countries", code), term_url("country", code)) for code in countries[:1]
    ]
    crumbs += [
        Link(reader.label("themes", id_), term_url("theme", id_))
        for id_ in (front.get("themes") or ())[:1]
    ]
    return tuple(crumbs)


def home_region(country: str, reader: Reader) -> tuple[str, ...]:
    """The smallest region of the map that holds the country, groups of countries apart."""
    tree = reader.vocabularies.regions
    ids = [
        id_
        for id_ in reader.vocabularies.regions_of([country])
        if not tree[id_].extra.get("overlay")
    ]
    return (max(ids, key=lambda id_: len(tree.ancestors(id_))),) if ids else ()


def _action_lines(front: Front, reader: Reader) -> tuple[Goal, ...]:
    return tuple(
        Goal(id_, reader.label("action_lines", id_), term_url("action_line", id_), "")
        for id_ in front.get("action_lines") or ()
    )


def _goals(front: Front, reader: Reader) -> tuple[Goal, ...]:
    goals = []
    for row in front.get("sdgs") or ():
        number, why = (row.get("goal"), row.get("why")) if isinstance(row, Mapping) else (row, "")
        id_ = str(number)
        goals.append(Goal(id_, reader.label("sdgs", id_), term_url("sdg", id_), str(why or "")))
    return tuple(goals)


def _replication(row: Front, reader: Reader) -> Replication:
    code = str(row.get("country") or "")
    place = Link(reader.label("countries", code), term_url("country", code)) if code else Link("")
    return Replication(
        place=place,
        when=str(row.get("year") or row.get("year_note") or ""),
        note=str(row.get("note") or ""),
        sources=(str(row["source"]),) if row.get("source") else (),
    )


def _policy(row: Front, reader: Reader) -> Policy:
    facts = [
        reader.label("countries", str(row["country"])) if row.get("country") else "",
        str(row.get("year") or ""),
    ]
    return Policy(
        title=str(row.get("title") or ""),
        url=web_address(str(row.get("url") or "")),
        kind=reader.label("policy_kinds", str(row["kind"])) if row.get("kind") else "",
        facts=", ".join(fact for fact in facts if fact),
    )


def sources_of(front: Front, references: Mapping[str, tuple[str, ...]]) -> tuple[Source, ...]:
    """The numbered sources, each with the places in the text that refer to it."""
    return tuple(
        Source(
            id=str(row.get("id")),
            title=str(row.get("title") or row.get("url") or ""),
            url=web_address(str(row.get("url") or "")),
            publisher=str(row.get("publisher") or ""),
            backs=references.get(str(row.get("id")), ()),
        )
        for row in front.get("sources") or ()
    )


def _citation(case: Reading, reader: Reader, url: str) -> str:
    return _(
        "%(title)s. In: %(site)s, %(date)s, revision %(revision)s. %(url)s",
        title=case.front.get("title"),
        site=current_app.config["SITE_NAME"],
        date=reader.date(case.front.get("updated") or case.front.get("published")),
        revision=case.revision,
        url=url,
    )


def _overdue(case: Reading, reader: Reader) -> str:
    """What readers are told of a case at which nobody looked again in time."""
    if case.overdue is None:
        return ""
    day = reader.date(case.overdue.isoformat())
    return _("This case was due for another look on %(day)s; it may be out of date.", day=day)


def _forms(path: str) -> tuple[Link, ...]:
    return (Link(_("Markdown"), f"{path}.md"), Link(_("JSON"), f"{path}.json"))


def _translations(case: Reading, reader: Reader, absolutely: bool) -> tuple[Link, ...]:
    """The languages of the case; none when there is one only."""
    if len(case.languages) < 2:
        return ()
    links = []
    for code, lang in case.languages:
        url = case_url(case.key.slug, code)
        links.append(
            Link(
                reader.language(lang),
                absolute(url) if absolutely else url,
                current=code == case.key.lang,
                lang=lang,
            )
        )
    return tuple(links)
