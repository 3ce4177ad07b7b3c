"""What the head of the page of a document tells machines, besides the JSON-LD.

Names of Dublin Core are those of https://www.dublincore.org/documents/dc-html/ (DCQ-HTML), those of
Highwire Press are what Google Scholar reads: https://scholar.google.com/intl/en/scholar/inclusion.html
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from flask import current_app

from kb.pieces.machines import ForMachines, Picture, Tag
from kb.present.linked_data import licence_of
from kb.present.links import absolute, case_url
from kb.present.words import Reader, places
from kb.services.pictures import EDITION
from kb.services.reading import Reading

SCHEMAS = (
    Tag("DC", "http://purl.org/dc/elements/1.1/"),
    Tag("DCTERMS", "http://purl.org/dc/terms/"),
)
#: The vocabularies whose terms tell what a case is about, by the fields that name them.
SUBJECTS = {"themes": "themes", "technologies": "technologies", "beneficiaries": "beneficiaries"}


def case_head(case: Reading, reader: Reader, url: str) -> ForMachines:
    """The tags of a case at the public address `url`, and its picture."""
    own = Reader(case.lang, reader.vocabularies)
    tags = (*_dublin_core(case, own, url), *_highwire(case, own, url))
    return ForMachines(SCHEMAS, tuple(tag for tag in tags if tag.content), picture_of(case, reader))


def picture_of(case: Reading, reader: Reader) -> Picture:
    """The picture of a case under an address that changes with what it shows."""
    path = f"{case_url(case.key.slug, case.key.lang)}.png?v={version_of(case)}"
    told = (str(case.front.get("title") or case.key.slug), places(case.front, reader))
    return Picture(absolute(path), ". ".join(filter(None, told)))


def version_of(case: Reading) -> str:
    """What changes with the picture of a case."""
    return quote(f"{case.revision}-{EDITION}")


def _dublin_core(case: Reading, own: Reader, url: str) -> Iterator[Tag]:
    front, site = case.front, current_app.config["SITE_NAME"]
    yield Tag("DC.title", str(front.get("title") or ""))
    yield Tag("DC.creator", site)
    yield Tag("DC.publisher", site)
    yield Tag("DC.description", str(front.get("summary") or ""))
    yield Tag("DC.language", case.lang)
    yield Tag("DC.type", "Text")
    yield Tag("DC.format", "text/html")
    yield Tag("DC.identifier", url)
    yield Tag("DC.rights", licence_of(front))
    yield Tag("DCTERMS.issued", str(front.get("published") or ""))
    yield Tag("DCTERMS.modified", str(front.get("updated") or ""))
    yield from (Tag("DC.subject", name) for name in _subjects(case, own))
    for code in front.get("countries") or ():
        yield Tag("DC.coverage", own.label("countries", code))
    for id_ in front.get("regions") or ():
        yield Tag("DC.coverage", own.label("regions", id_))


def _highwire(case: Reading, own: Reader, url: str) -> Iterator[Tag]:
    front, site = case.front, current_app.config["SITE_NAME"]
    yield Tag("citation_title", str(front.get("title") or ""))
    yield Tag("citation_author", site)
    yield Tag("citation_publisher", site)
    yield Tag("citation_technical_report_institution", site)
    yield Tag("citation_publication_date", _slashed(front.get("published")))
    yield Tag("citation_online_date", _slashed(front.get("updated") or front.get("published")))
    yield Tag("citation_language", case.lang)
    yield Tag("citation_keywords", "; ".join(_subjects(case, own)))
    yield Tag("citation_abstract", str(front.get("summary") or ""))
    yield Tag("citation_public_url", url)
    yield Tag("citation_fulltext_html_url", url)


def _subjects(case: Reading, own: Reader) -> Iterator[str]:
    for field, vocabulary in SUBJECTS.items():
        yield from own.labels(vocabulary, case.front.get(field) or ())


def _slashed(day: object) -> str:
    """A day as Google Scholar wants it, "" for none."""
    return str(day)[:10].replace("-", "/") if day else ""
