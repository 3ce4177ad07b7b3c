"""The letter that tells what somebody's saved searches found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from indexer.vocabulary import Vocabularies
from kb.present.alerts import MINE, change_told, plain_words, why_told
from kb.present.links import search_url
from kb.present.words import Reader
from kb.records.people import Account
from kb.records.saved import Found
from kb.services.history import path_of
from kb.services.letter import Heading, Item, Items, Letter, Part, Way, Words
from kb.services.telling import News
from kb.services.unsubscribing import ALERT, address
from kb.services.watching import query_of
from kb.settings import Settings
from kb.translation import gettext as _
from kb.translation import ngettext, speaking


def alert_letter(
    settings: Settings, vocabularies: Vocabularies, account: Account, news: Sequence[News]
) -> Letter:
    """The letter to somebody about what their searches found, in their language."""
    lang = account.lang if account.lang in settings.languages else settings.languages[0]
    reader = Reader(lang, vocabularies)
    with speaking(lang):
        return Letter(
            to=account.email or "",
            subject=_subject(news),
            parts=tuple(part for one in news for part in _parts(settings, one, reader)),
            lang=lang,
            foot=tuple(_foot(settings, account, news)),
            unsubscribe=address(settings, account.id, *_kinds(news)),
        )


def _subject(news: Sequence[News]) -> str:
    if len(news) == 1:
        return _("News of your search “%(title)s”", title=_line(news[0].saved.title))
    return ngettext("News of %(num)s search", "News of %(num)s of your searches", len(news))


def _parts(settings: Settings, news: News, reader: Reader) -> Iterator[Part]:
    url = f"{settings.origin}{search_url(query_of(news.saved))}"
    yield Heading(news.saved.title)
    yield Words(plain_words(query_of(news.saved), news.read_as, reader))
    yield Items(tuple(_item(settings, one) for one in news.found))
    if news.more:
        told = ngettext("And %(num)s more case", "And %(num)s more cases", news.more)
        yield Words(told)
    yield Way(_("See all that this search finds"), url)


def _item(settings: Settings, one: Found) -> Item:
    return Item(
        title=_line(str(one.reason.get("title") or one.key.slug)),
        url=f"{settings.origin}{path_of(one.key)}",
        note=f"{change_told(one.change, one.reason)} · {why_told(one.reason)}",
        lang=str(one.reason.get("lang") or ""),
    )


def _foot(settings: Settings, account: Account, news: Sequence[News]) -> Iterator[Part]:
    yield Words(
        _("You get this letter because you saved searches at %(site)s.", site=settings.site_name)
    )
    yield Way(_("Your searches, and how often you are told"), f"{settings.origin}{MINE}")
    for one in news:
        told = _("No more letters about “%(title)s”", title=one.saved.title)
        yield Way(told, address(settings, account.id, *_kinds([one])))
    if len(news) > 1:
        stop = address(settings, account.id, *_kinds(news))
        yield Way(_("No more letters about any of these searches"), stop)


def _kinds(news: Sequence[News]) -> tuple[str, ...]:
    return tuple(f"{ALERT}{one.saved.id}" for one in news)


def _line(text: str) -> str:
    return " ".join(text.split())
