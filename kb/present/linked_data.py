"""Pages as schema.org data for machines that read them.

A case is an Article whose main entity is a Project: what was done, by whom, where, when and with
what money. Its figures are Observations about that project. Words are those of the case's language.
`tests/kb/test_linked_data.py` holds all of it against the vocabulary of schema.org.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from flask import current_app

from indexer.values import Key
from kb.present.facts import web_address
from kb.present.links import absolute, case_url, term_url
from kb.present.words import Reader
from kb.services.reading import Reading
from kb.translation import gettext as _

LICENCES = {
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC-BY-SA-4.0": "https://creativecommons.org/licenses/by-sa/4.0/",
    "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
}
CONTEXT = "https://schema.org"
#: What a case is about: the field, the facet and the vocabulary of its terms.
ABOUT = (
    ("themes", "theme", "themes"),
    ("technologies", "technology", "technologies"),
    ("action_lines", "action_line", "action_lines"),
)
Thing = dict[str, Any]


def linked_data(case: Reading, reader: Reader, url: str) -> Mapping[str, Any]:
    """The JSON-LD of a case at the public address `url`."""
    front, own = case.front, Reader(case.lang, reader.vocabularies)
    project = f"{absolute(case_url(case.key.slug))}#project"
    return thing(
        "Article",
        {
            "@context": CONTEXT,
            "@id": url,
            "url": url,
            "headline": front.get("title"),
            "abstract": front.get("summary"),
            "inLanguage": case.lang,
            "datePublished": front.get("published"),
            "dateModified": front.get("updated") or front.get("published"),
            "license": licence_of(front),
            "isAccessibleForFree": True,
            "version": case.revision,
            "image": f"{url}.png",
            "author": publisher(),
            "publisher": publisher(),
            "isPartOf": {"@type": "WebSite", "@id": absolute("/#site"), "url": absolute("/")},
            "mainEntityOfPage": _page(case, own, url),
            "encoding": [
                {"@type": "MediaObject", "contentUrl": f"{url}.{suffix}", "encodingFormat": type_}
                for suffix, type_ in (("md", "text/markdown"), ("json", "application/json"))
            ],
            "about": [*_subjects(case, own), *_goals(case, own)],
            "keywords": list(_keywords(front, own)),
            "audience": [
                {"@type": "Audience", "audienceType": name}
                for name in own.labels("beneficiaries", front.get("beneficiaries") or ())
            ],
            "spatialCoverage": _places(case, own),
            "temporalCoverage": _span(front),
            "mainEntity": _project(case, own, project),
            "mentions": [
                *(_figure(row, project) for row in front.get("results") or ()),
                *(_policy(row, own) for row in front.get("policies") or ()),
                *(_again(row, own) for row in front.get("replications") or ()),
            ],
            "citation": [_source(row) for row in front.get("sources") or ()],
            **translations(case.key, case.languages, "Article", case_url),
        },
    )


def site_data(reader: Reader) -> Mapping[str, Any]:
    """The JSON-LD of the site: its name, and how it is searched."""
    return thing(
        "WebSite",
        {
            "@context": CONTEXT,
            "@id": absolute("/#site"),
            "url": absolute("/"),
            "name": current_app.config["SITE_NAME"],
            "inLanguage": list(current_app.config["LANGUAGES"]),
            "description": _("Case studies in ICT for development, found by meaning."),
            "publisher": publisher(),
            "image": absolute("/picture.png"),
            "potentialAction": {
                "@type": "SearchAction",
                "target": {
                    "@type": "EntryPoint",
                    "urlTemplate": absolute("/search?q={search_term_string}"),
                },
                "query-input": "required name=search_term_string",
            },
        },
    )


def licence_of(front: Mapping[str, Any]) -> str:
    """The address of the licence of a document; its name where the address is not known."""
    licence = str(front.get("license") or "")
    return LICENCES.get(licence, licence)


def thing(type_: str, values: Mapping[str, Any]) -> Thing:
    """A thing with what is known of it."""
    known = {name: value for name, value in values.items() if value not in (None, "", [], {})}
    return {"@type": type_, **known}


def publisher() -> Thing:
    """Who publishes all that is here: the organisation behind the site."""
    name = current_app.config["SITE_NAME"]
    return {"@type": "Organization", "@id": absolute("/#publisher"), "name": name}


def _page(case: Reading, own: Reader, url: str) -> Thing:
    """The page: when the case was last checked, and by whom; the way to it."""
    checked = case.front.get("checked") or {}
    by = str(checked.get("by") or "")
    steps = [(absolute("/"), current_app.config["SITE_NAME"])]
    steps += [
        (absolute(term_url("theme", id_)), own.label("themes", id_))
        for id_ in (case.front.get("themes") or ())[:1]
    ]
    steps.append((url, str(case.front.get("title") or case.key.slug)))
    crumbs = [
        {"@type": "ListItem", "position": place, "item": address, "name": name}
        for place, (address, name) in enumerate(steps, 1)
    ]
    return thing(
        "WebPage",
        {
            "@id": f"{url}#page",
            "lastReviewed": checked.get("date"),
            "reviewedBy": {"@type": "Organization", "name": by} if by else None,
            "breadcrumb": {"@type": "BreadcrumbList", "itemListElement": crumbs},
        },
    )


def _subjects(case: Reading, own: Reader) -> Iterator[Thing]:
    for field, facet, vocabulary in ABOUT:
        for id_ in case.front.get(field) or ():
            yield _term(str(id_), facet, vocabulary, own)


def _goals(case: Reading, own: Reader) -> Iterator[Thing]:
    for row in case.front.get("sdgs") or ():
        goal, why = (row.get("goal"), row.get("why")) if isinstance(row, Mapping) else (row, None)
        yield thing("DefinedTerm", {**_term(str(goal), "sdg", "sdgs", own), "description": why})


def _term(id_: str, facet: str, vocabulary: str, own: Reader) -> Thing:
    url = absolute(term_url(facet, id_))
    return {
        "@type": "DefinedTerm",
        "@id": url,
        "url": url,
        "termCode": id_,
        "name": own.label(vocabulary, id_),
        "inDefinedTermSet": url.removesuffix(f"/{id_}"),
    }


def _keywords(front: Mapping[str, Any], own: Reader) -> Iterator[Thing]:
    """What became of it, how well that is known, and on what terms people worked together."""
    outcome = front.get("outcome")
    for vocabulary, ids in (
        ("outcomes", [outcome] if outcome else []),
        ("evidence", front.get("evidence") or ()),
        ("modality", front.get("modality") or ()),
    ):
        for id_ in ids:
            name = own.label(vocabulary, str(id_))
            yield {"@type": "DefinedTerm", "termCode": str(id_), "name": name}


def _places(case: Reading, own: Reader) -> list[Thing]:
    countries = [_country(str(code), own) for code in case.front.get("countries") or ()]
    regions = [
        {"@type": "Place", "identifier": id_, "name": own.label("regions", id_)}
        for id_ in case.front.get("regions") or ()
    ]
    return [*countries, *regions]


def _country(code: str, own: Reader) -> Thing:
    return {"@type": "Country", "identifier": code, "name": own.label("countries", code)}


def _span(front: Mapping[str, Any]) -> str:
    """The years as an interval of ISO 8601, its open ends as two dots."""
    span = front.get("period") or {}
    start, end = span.get("start"), span.get("end")
    return f"{start or '..'}/{end or '..'}" if start or end else ""


def _project(case: Reading, own: Reader, id_: str) -> Thing:
    """What was done: from when to when, where, by whom in which role, with what money."""
    front = case.front
    span = front.get("period") or {}
    contact = front.get("contact") or {}
    return thing(
        "Project",
        {
            "@id": id_,
            "name": front.get("title"),
            "description": front.get("summary"),
            "foundingDate": _year(span.get("start")),
            "dissolutionDate": _year(span.get("end")),
            "location": _places(case, own),
            "member": [_member(row, own) for row in front.get("organisations") or ()],
            "funding": [_grant(row, own) for row in front.get("funding") or ()],
            "contactPoint": thing(
                "ContactPoint",
                {
                    "name": contact.get("name"),
                    "contactType": contact.get("role"),
                    "url": web_address(str(contact.get("url") or "")),
                },
            )
            if contact
            else None,
        },
    )


def _member(row: Any, own: Reader) -> Thing:
    """Who took part, in which role: schema.org tells that by a Role in between."""
    given = row if isinstance(row, Mapping) else {"org": row}
    role = own.label("roles", str(given["role"])) if given.get("role") else ""
    member = _organisation(str(given.get("org") or ""), own, str(given.get("name") or ""))
    return thing("OrganizationRole", {"roleName": role, "member": member})


def _organisation(id_: str, own: Reader, name: str = "") -> Thing:
    if not id_:
        return {"@type": "Organization", "name": name}
    url = absolute(term_url("organisation", id_))
    return {
        "@type": "Organization",
        "@id": url,
        "url": url,
        "name": own.label("organisations", id_),
    }


def _grant(row: Mapping[str, Any], own: Reader) -> Thing:
    by, instrument = str(row.get("by") or ""), str(row.get("instrument") or "")
    year = _year(row.get("year")) or ""
    told = (own.label("instruments", instrument) if instrument else "", year, row.get("note"))
    amount = {"@type": "MonetaryAmount", "value": row["amount"], "currency": row["currency"]}
    return thing(
        "MonetaryGrant",
        {
            "amount": {**amount, **({"validFrom": year} if year else {})},
            "funder": _organisation(by, own) if by else None,
            "description": ". ".join(str(part) for part in told if part),
        },
    )


def _figure(row: Mapping[str, Any], project: str) -> Thing:
    return thing(
        "Observation",
        {
            "observationAbout": {"@id": project},
            "variableMeasured": row.get("indicator"),
            "value": row.get("value"),
            "minValue": row.get("min"),
            "maxValue": row.get("max"),
            "unitText": row.get("unit"),
            "observationDate": _year(row.get("year")),
            "description": row.get("note"),
        },
    )


def _policy(row: Mapping[str, Any], own: Reader) -> Thing:
    country = str(row.get("country") or "")
    law = row.get("kind") == "law"
    place = _country(country, own) if country else None
    return thing(
        "Legislation" if law else "CreativeWork",
        {
            "name": row.get("title"),
            "url": web_address(str(row.get("url") or "")),
            "datePublished": _year(row.get("year")),
            "legislationJurisdiction" if law else "spatialCoverage": place,
        },
    )


def _again(row: Mapping[str, Any], own: Reader) -> Thing:
    """Where it was done again."""
    code = str(row.get("country") or "")
    return thing(
        "Project",
        {
            "location": _country(code, own) if code else None,
            "foundingDate": _year(row.get("year")),
            "description": row.get("note"),
        },
    )


def _source(row: Mapping[str, Any]) -> Thing:
    publisher = str(row.get("publisher") or "")
    return thing(
        "CreativeWork",
        {
            "name": row.get("title") or row.get("url"),
            "url": web_address(str(row.get("url") or "")),
            "publisher": {"@type": "Organization", "name": publisher} if publisher else None,
            "datePublished": _year(row.get("year")),
            "creditText": row.get("author"),
        },
    )


def translations(
    key: Key, languages: Iterable[tuple[str, str]], kind: str, url_of: Callable[[str, str], str]
) -> Thing:
    """The other languages of a document, things of `kind`, by their addresses."""
    works = {
        code: {"@type": kind, "@id": absolute(url_of(key.slug, code)), "inLanguage": lang}
        for code, lang in languages
    }
    if key.lang:
        return {"translationOfWork": works.get("")}
    return {"workTranslation": [work for code, work in works.items() if code]}


def _year(year: Any) -> str | None:
    return str(year) if year else None
