"""A case as schema.org data for machines that read pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import current_app

from kb.present.words import Reader
from kb.services.reading import Reading

LICENCES = {
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC-BY-SA-4.0": "https://creativecommons.org/licenses/by-sa/4.0/",
    "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
}


def linked_data(case: Reading, reader: Reader, url: str) -> Mapping[str, Any]:
    """The JSON-LD of a case: an Article with its subjects, places, span of time and sources."""
    front = case.front
    span = front.get("period") or {}
    licence = str(front.get("license") or "")
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Article",
        "@id": url,
        "url": url,
        "headline": front.get("title"),
        "abstract": front.get("summary"),
        "inLanguage": case.lang,
        "datePublished": front.get("published"),
        "dateModified": front.get("updated"),
        "license": LICENCES.get(licence, licence),
        "isAccessibleForFree": True,
        "version": case.revision,
        "publisher": {"@type": "Organization", "name": current_app.config["SITE_NAME"]},
        "about": [
            {"@type": "DefinedTerm", "termCode": id_, "name": reader.label("themes", id_)}
            for id_ in front.get("themes") or ()
        ],
        "spatialCoverage": [
            {"@type": "Country", "identifier": code, "name": reader.label("countries", code)}
            for code in front.get("countries") or ()
        ],
        "temporalCoverage": (
            f"{span.get('start') or '..'}/{span.get('end') or '..'}" if span else None
        ),
        "citation": [
            {"@type": "CreativeWork", "name": row.get("title"), "url": row.get("url")}
            for row in front.get("sources") or ()
        ],
    }
    return {name: value for name, value in data.items() if value not in (None, "", [])}
