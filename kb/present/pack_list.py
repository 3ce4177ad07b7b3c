"""Packs in lists: the page on which they are found, the case that they use, the way in."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlencode

from indexer.hits import Hit, Results
from indexer.query import Query, to_params
from kb.pages.packs import PacksPage
from kb.pieces.common import Link, Segment, Turning
from kb.pieces.packs import FoundPack
from kb.present.filters import chips, panels
from kb.present.hits import segments
from kb.present.links import absolute, pack_url, turned
from kb.present.pack_words import facts_of
from kb.present.words import Reader, shortened
from kb.services.packs import card_of
from kb.translation import gettext as _
from kb.translation import ngettext

LONG = 80  # letters of a question that are shown where it is only named
PATH = "/packs"


def packs_url(query: Query, audience: str = "") -> str:
    """The path of what `query` finds among the packs for an audience."""
    pairs = [*to_params(query), *([("for", audience)] if audience else [])]
    return f"{PATH}?{urlencode(pairs)}" if pairs else PATH


def packs_page(results: Results, audience: str, reader: Reader) -> PacksPage:
    """All that the page of packs shows."""
    query = results.query
    text = shortened(query.text, LONG)
    narrowed = bool(query.text or query.narrowed or audience)
    exact = query.replace(exact=True)
    return PacksPage(
        title=_("%(text)s: packs", text=text) if text else _("Packs for trainers"),
        canonical=absolute(packs_url(query, audience)),
        indexed=not narrowed,
        text=query.text,
        audience=audience,
        corrected=results.corrected or "",
        exact_url=packs_url(exact, audience) if results.corrected else "",
        total_label=packs_label(results.total),
        packs=found_packs(results.hits, reader, reasons=bool(query.text)),
        nearest=found_packs(results.nearest, reader, reasons=bool(query.text)),
        facets=panels(results.facets, query, reader),
        chips=_chips(query, audience, reader),
        clear_url=packs_url(query.without_facets()),
        turning=_turning(query, audience, results.pages),
    )


def packs_label(total: int) -> str:
    """How many packs, in words."""
    return ngettext("%(num)s pack", "%(num)s packs", total) if total else _("No packs")


def _chips(query: Query, audience: str, reader: Reader) -> tuple[Link, ...]:
    """Each filter in use as a link to the same page without it."""
    found = chips(query, reader, lambda other: packs_url(other, audience))
    if audience:
        told = _("for %(audience)s", audience=shortened(audience, LONG))
        found += (Link(told, packs_url(query.replace(page=1))),)
    return found


def _turning(query: Query, audience: str, pages: int) -> Turning | None:
    return turned(query.page, pages, lambda n: packs_url(query.replace(page=n), audience))


def found_packs(
    hits: Iterable[Hit], reader: Reader, reasons: bool = False
) -> tuple[FoundPack, ...]:
    """The entries of a list; with the passage and the reason where something was asked."""
    return tuple(_found(hit, reader, reasons) for hit in hits)


def _found(hit: Hit, reader: Reader, reasons: bool) -> FoundPack:
    card = card_of(hit.key, hit.record["front"])
    passage = hit.passage if reasons else None
    return FoundPack(
        url=pack_url(card.key.slug, card.key.lang),
        title=card.title,
        lang=card.lang,
        facts=facts_of(card, reader),
        snippet=segments(passage) if passage else (Segment(card.summary),),
        snippet_lang=(passage.lang if passage else "") or card.lang,
        audience=card.audience,
        reason_meaning=reasons and hit.reason.meaning,
        reason_words=hit.reason.words if reasons else (),
        reason_names=hit.reason.names if reasons else (),
    )
