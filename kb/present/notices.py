"""Notices: what the letters say, and the page on which one chooses how to be told."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from babel.dates import format_date

from kb.pages.notices import NoticesPage, UnsubscribePage
from kb.pieces.common import FormField, Link, Option
from kb.present.problems import linked
from kb.present.words import COMMAS, locale_of, own_name, sentence
from kb.records.people import Account
from kb.services.digests import Told
from kb.services.letter import Heading, Item, Items, Letter, Part, Way, Words
from kb.services.notices import NOTICES, PACES, Choices, NoSuchPace
from kb.services.unsubscribing import Ending, address
from kb.settings import Settings
from kb.translation import gettext as _
from kb.translation import ngettext, speaking

PAGE = "/account/notices"
#: kind -> what it is called where many are told.
NAMES: Mapping[str, Callable[[], str]] = {
    "submitted": lambda: _("Texts that were handed in"),
    "comment": lambda: _("Comments on your drafts, and answers to yours"),
    "changes-requested": lambda: _("Your drafts for which changes are asked"),
    "approved": lambda: _("Your drafts that were approved"),
    "rejected": lambda: _("Your drafts that were turned down"),
    "published": lambda: _("Your texts that were published"),
    "suggestion": lambda: _("Suggestions from readers"),
    "report": lambda: _("Problems that readers reported"),
    "review-due": lambda: _("Your cases that are due for another look"),
}
#: kind -> what is said of one thing, whose title is %(title)s.
SAID: Mapping[str, Callable[[str], str]] = {
    "submitted": lambda title: _("Handed in: %(title)s", title=title),
    "comment": lambda title: _("A comment on %(title)s", title=title),
    "changes-requested": lambda title: _("Changes are asked for: %(title)s", title=title),
    "approved": lambda title: _("Approved: %(title)s", title=title),
    "rejected": lambda title: _("Turned down: %(title)s", title=title),
    "published": lambda title: _("Published: %(title)s", title=title),
    "suggestion": lambda title: _("A reader suggests a change: %(title)s", title=title),
    "report": lambda title: _("A reader reports a problem: %(title)s", title=title),
    "review-due": lambda title: _("Due for another look: %(title)s", title=title),
}
#: Names, and messages, of one thing that are told before the others are only counted.
FEW = 3
#: Characters of a message that a letter repeats; the rest is read on the site.
LONGEST = 1000


def pace_name(pace: str) -> str:
    """What a pace is called."""
    told = (_("At once"), _("Once a day"), _("Once a week"), _("Never"))
    return dict(zip(PACES, told, strict=True)).get(pace, pace)


# Letters -----------------------------------------------------------------------------------


def notice_letter(settings: Settings, account: Account, things: Sequence[Told]) -> Letter:
    """The letter to somebody about these things, in their language; at least one there is."""
    lang = account.lang if account.lang in settings.languages else settings.languages[0]
    kinds = tuple(kind for kind in NOTICES if any(one.kind == kind for one in things))
    stop = address(settings, account.id, *kinds)
    with speaking(lang):
        return Letter(
            to=account.email or "",
            subject=_subject(settings, things),
            parts=tuple(_parts(settings, things, kinds, lang)),
            lang=lang,
            foot=_foot(settings, kinds, stop),
            unsubscribe=stop,
        )


def _subject(settings: Settings, things: Sequence[Told]) -> str:
    if len({(one.kind, one.path) for one in things}) == 1:
        return SAID[things[0].kind](things[0].title or _("Untitled"))
    return ngettext(
        "%(num)s notice from %(site)s", "%(num)s notices from %(site)s", len(things),
        site=settings.site_name,
    )  # fmt: skip


def _parts(
    settings: Settings, things: Sequence[Told], kinds: Sequence[str], lang: str
) -> list[Part]:
    parts: list[Part] = []
    for kind in kinds:
        by_path: dict[str, list[Told]] = {}
        for one in things:
            if one.kind == kind:
                by_path.setdefault(one.path, []).append(one)
        rows = tuple(_item(settings, same, lang) for same in by_path.values())
        parts += [Heading(NAMES[kind]()), Items(rows)]
    return parts


def _item(settings: Settings, same: Sequence[Told], lang: str) -> Item:
    """What happened to one thing, once or several times."""
    last = same[-1]
    names = tuple(dict.fromkeys(filter(None, (_line(one.words.get("name")) for one in same))))
    day = format_date(last.at, "long", locale=locale_of(lang))
    who = COMMAS.get(locale_of(lang).language, ", ").join(names[:FEW])
    if len(names) > FEW:
        who = _("%(names)s and %(number)s more", names=who, number=len(names) - FEW)
    times = ngettext("%(num)s time", "%(num)s times", len(same)) if len(same) > 1 else ""
    return Item(
        title=last.title or _("Untitled"),
        url=f"{settings.origin}{last.path}",
        note=" · ".join(filter(None, (who, day, times))),
        said=_messages(same),
        lang=last.lang,
    )


def _messages(same: Sequence[Told]) -> str:
    """What was said; with the name before it where several spoke."""
    said = [(one.words.get("message", "").strip(), _line(one.words.get("name"))) for one in same]
    said = [(_short(message), name) for message, name in said if message]
    if len(said) == 1:
        return said[0][0]
    told = [f"{name}: {message}" if name else message for message, name in said[:FEW]]
    rest = len(said) - FEW
    if rest > 0:
        told.append(ngettext("and %(num)s more", "and %(num)s more", rest))
    return "\n\n".join(told)


def _foot(settings: Settings, kinds: Sequence[str], stop: str) -> tuple[Part, ...]:
    end = _("No more letters of this kind") if len(kinds) == 1 else _("No more of these letters")
    return (
        Words(_("You get this letter because you have an account at %(site)s.",
                site=settings.site_name)),
        Way(_("Choose what you are told, and how often"), f"{settings.origin}{PAGE}"),
        Way(end, stop),
    )  # fmt: skip


def _short(message: str) -> str:
    return message if len(message) <= LONGEST else f"{message[:LONGEST].rstrip()} …"


def _line(text: str | None) -> str:
    return " ".join((text or "").split())


# Pages -------------------------------------------------------------------------------------


def notices_page(
    choices: Choices,
    settings: Settings,
    *,
    done: bool = False,
    problem: NoSuchPace | None = None,
) -> NoticesPage:
    """How somebody is told of each kind that may concern them."""
    wrong = {problem.kind: _("Choose one of the four.")} if problem else {}
    fields = tuple(
        FormField(
            kind,
            NAMES[kind](),
            "select",
            error=wrong.get(kind, ""),
            options=tuple(
                Option(f"{kind}-{one}", one, pace_name(one), selected=one == pace) for one in PACES
            ),
        )
        for kind, pace in choices.paces.items()
    )
    hour = f"{settings.digest_hour:02}:00"
    return NoticesPage(
        title=_("What you are told by mail"),
        done=_("Your choice was kept.") if done else "",
        problems=linked(wrong, fields),
        intro=(
            _("What comes once a day or once a week is gathered in one letter, which goes out at"
              " %(hour)s UTC, the weekly one on Mondays.", hour=hour)
            if fields
            else _("Nothing is sent to readers but what they asked for.")
        ),
        fields=fields,
        language=_language(choices, settings),
    )  # fmt: skip


def _language(choices: Choices, settings: Settings) -> tuple[FormField, ...]:
    """The question for the language of letters, where there is more than one."""
    if len(settings.languages) < 2:
        return ()
    chosen = choices.lang if choices.lang in settings.languages else settings.languages[0]
    options = tuple(
        Option(f"lang-{code}", code, own_name(code), selected=code == chosen)
        for code in settings.languages
    )
    return (FormField("lang", _("Language of the letters"), "select", options=options),)


def ending_page(ending: Ending, site: str) -> UnsubscribePage:
    """The question whether letters are to end."""
    many = len(ending.kinds) + len(ending.searches) > 1
    return UnsubscribePage(
        title=_("No more of these letters?") if many else _("No more letters of this kind?"),
        text=(_("%(site)s will no longer write to you about:", site=site),),
        kinds=_ended(ending),
        press=_("Yes, no more of them"),
        ways=(Link(_("Choose how often instead"), PAGE),),
    )


def ended_page(ending: Ending, site: str) -> UnsubscribePage:
    """Letters have ended."""
    return UnsubscribePage(
        title=_("You will get no more of these letters"),
        text=(_("%(site)s no longer writes to you about:", site=site),),
        kinds=_ended(ending),
        press="",
        ways=(Link(_("Choose again what you are told"), PAGE),),
    )


def _ended(ending: Ending) -> tuple[str, ...]:
    searches = (_("News of your search “%(title)s”", title=title) for title in ending.searches)
    return (*(sentence(NAMES[kind]()) for kind in ending.kinds), *searches)
