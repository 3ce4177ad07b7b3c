"""A pack on the pages of others: in a frame, by oEmbed (https://oembed.com), as a list of links."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree as Tree

from flask import current_app
from markupsafe import escape

from kb.pages.packs import EmbedPage, SharePage
from kb.pieces.common import Link
from kb.present.feed import clean
from kb.present.links import absolute, pack_url
from kb.present.pack import Place, lasts, plan
from kb.present.pack_words import cases_of, level_label
from kb.present.words import Reader, direction_of
from kb.services.packs import ReadPack
from kb.translation import gettext as _

WIDTH, HEIGHT = 640, 520  # of the frame, in pixels, where nobody asks for another
LEAST = 160  # pixels below which nobody reads


def frame_url(pack: ReadPack) -> str:
    """The public address of a pack for a frame."""
    return absolute(f"/embed{pack_url(pack.key.slug, pack.key.lang)}")


def frame(pack: ReadPack, width: int = WIDTH, height: int = HEIGHT) -> str:
    """The element that shows a pack on another site's page."""
    title, source = escape(pack.pack.title), escape(frame_url(pack))
    return (
        f'<iframe src="{source}" title="{title}" width="{width}" height="{height}"'
        ' loading="lazy" allowfullscreen></iframe>'
    )


def oembed(pack: ReadPack, most_wide: int = 0, most_high: int = 0) -> Mapping[str, Any]:
    """The answer of oEmbed 1.0: a rich thing no larger than was asked for, 0 for no limit."""
    width = max(LEAST, min(WIDTH, most_wide or WIDTH))
    height = max(LEAST, min(HEIGHT, most_high or HEIGHT))
    return {
        "version": "1.0",
        "type": "rich",
        "title": pack.pack.title,
        "provider_name": current_app.config["SITE_NAME"],
        "provider_url": absolute("/"),
        "cache_age": 86400,
        "html": frame(pack, width, height),
        "width": width,
        "height": height,
    }


def as_xml(answer: Mapping[str, Any]) -> bytes:
    """The same answer in the other form that oEmbed knows."""
    root = Tree.Element("oembed")
    for name, value in answer.items():
        Tree.SubElement(root, name).text = clean(str(value))
    return bytes(Tree.tostring(root, encoding="utf-8", xml_declaration=True))


def share_page(pack: ReadPack, short: str) -> SharePage:
    """What others need to show the pack; `short` is its short address."""
    own = pack_url(pack.key.slug, pack.key.lang)
    links = link_list(pack)
    return SharePage(
        title=_("Show this pack on other pages"),
        lang=pack.lang,
        direction=direction_of(pack.lang),
        pack=Link(pack.pack.title, own),
        address=absolute(own),
        short=short,
        frame=frame(pack),
        links=links,
        plain="\n".join(f"{link.label}\n{link.url}\n" for link in links).strip(),
    )


def link_list(pack: ReadPack) -> tuple[Link, ...]:
    """The pack and each of its cases within it, by public address."""
    own = absolute(pack_url(pack.key.slug, pack.key.lang))
    cases = (
        Link(item.title, f"{own}/{item.number}", lang=item.lang)
        for item in pack.items
        if item.shown
    )
    return (Link(pack.pack.title, own, lang=pack.lang), *cases)


def embed_page(pack: ReadPack, reader: Reader) -> EmbedPage:
    """A pack in a frame: its plan, whose links lead to the pages of this site."""
    own = pack_url(pack.key.slug, pack.key.lang)
    told = (cases_of(len(pack.items)), lasts(pack, reader), level_label(pack.pack.level))
    return EmbedPage(
        title=pack.pack.title,
        url=own,
        lang=pack.lang,
        direction=direction_of(pack.lang),
        facts=tuple(fact for fact in told if fact),
        summary=pack.pack.summary,
        sections=plan(pack, Place(own), reader),
        class_url=f"{own}/class",
    )
