"""A pack as schema.org data: a LearningResource whose parts are the cases in their order.

`tests/kb/test_linked_data.py` holds it against the vocabulary of schema.org.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from indexer.pack import Curator
from kb.present.facts import web_address
from kb.present.linked_data import CONTEXT, Thing, licence_of, publisher, thing, translations
from kb.present.links import absolute, case_url, pack_url
from kb.present.pack_words import iso_duration, level_label
from kb.present.words import Reader
from kb.services.packs import ReadItem, ReadPack
from kb.translation import gettext as _


def pack_data(pack: ReadPack, reader: Reader, url: str) -> Mapping[str, Any]:
    """The JSON-LD of a pack at the public address `url`."""
    told = pack.pack
    return thing(
        "LearningResource",
        {
            "@context": CONTEXT,
            "@id": url,
            "url": url,
            "name": told.title,
            "description": told.summary,
            "inLanguage": pack.lang,
            "datePublished": str(pack.published or ""),
            "dateModified": str(pack.updated or pack.published or ""),
            "version": pack.revision,
            "license": licence_of(pack.front),
            "isAccessibleForFree": True,
            "learningResourceType": _("Course pack"),
            "educationalLevel": level_label(told.level),
            "timeRequired": iso_duration(pack.minutes),
            "teaches": list(told.objectives),
            "competencyRequired": list(told.prerequisites),
            "audience": _audience(told.audience),
            "author": [_curator(one) for one in told.curators] or publisher(),
            "publisher": publisher(),
            "isPartOf": {"@type": "WebSite", "@id": absolute("/#site"), "url": absolute("/")},
            "isBasedOn": absolute(pack_url(told.origin.slug)) if told.origin else None,
            "hasPart": [_part(item, url) for item in pack.items if item.shown],
            **translations(pack.key, pack.languages, "LearningResource", pack_url),
        },
    )


def _part(item: ReadItem, url: str) -> Thing:
    return thing(
        "LearningResource",
        {
            "url": f"{url}/{item.number}",
            "name": item.title,
            "position": item.number,
            "inLanguage": item.lang,
            "timeRequired": iso_duration(item.item.minutes or 0),
            "isBasedOn": absolute(case_url(item.key.slug, item.key.lang)),
            "assesses": list(item.item.questions),
        },
    )


def _audience(text: str) -> Thing | None:
    return thing("EducationalAudience", {"audienceType": text}) if text else None


def _curator(one: Curator) -> Thing:
    """A person or a body: schema.org has no word for either, and an organisation may be one."""
    told = {"name": one.name, "description": one.role, "url": web_address(one.url)}
    return thing("Organization", told)
