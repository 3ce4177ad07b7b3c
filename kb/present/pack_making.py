"""A pack in the making: what became of its cases, which text of each is taken, what to add."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

from indexer.hits import Hit
from indexer.pack import LATEST
from kb.entries import Fault, Offered, Outlined, Shared, Sharing, Warn
from kb.forms.editing import Typed
from kb.pages.writing import SincePage
from kb.pieces.common import Link, Option
from kb.present.difference import changes_told, differences, stretches
from kb.present.history import time_told
from kb.present.links import absolute, case_url
from kb.present.paths import form_path
from kb.present.words import Reader, period, places
from kb.records.journal import Draft
from kb.records.secret_links import SecretLink
from kb.services.packing_up import Since
from kb.services.packs import ReadItem, ReadPack
from kb.translation import gettext as _
from kb.translation import ngettext


def minutes_of(typed: Mapping[str, Any]) -> str:
    """How long a row takes, or the rows in it together; "" where no minutes are typed."""
    return _lasting(sum(_minutes(typed)))


def _minutes(typed: Mapping[str, Any]) -> Iterator[int]:
    text = str(typed.get("minutes") or "")
    if text.isdecimal() and len(text) < 6:
        yield int(text)
    rows = typed.get("items")
    for row in rows if isinstance(rows, list) else ():
        yield from _minutes(row.values)


def pin_options(typed: str, item: ReadItem | None, reader: Reader) -> tuple[Option, ...]:
    """The texts of a case that a pack can show: the latest, the one it is pinned to, today's."""
    latest = typed if typed in ("", LATEST) else LATEST
    found = {latest: _("Always the latest")}
    if typed not in found:
        day = item.as_of if item is not None and item.item.revision == typed else None
        if day:
            found[typed] = _("As of %(day)s (%(name)s)", day=reader.date(day), name=typed)
        else:
            found[typed] = _("As it was (%(name)s)", name=typed)
    newest = item.newest if item is not None else ""
    if newest and newest not in found:
        found[newest] = _("As it is today (%(name)s), also when it changes", name=newest)
    return tuple(Option("", name, label, selected=name == typed) for name, label in found.items())


# What became of a case -------------------------------------------------------------------------


def warns(item: ReadItem, path: str, reader: Reader, url: str = "") -> tuple[Warn, ...]:
    """What one should know of a case.

    `path` is that of its row in the form, "" without a form; `url` is that of the draft.
    """
    return tuple(_warns(item, path, reader, url))


def _warns(item: ReadItem, path: str, reader: Reader, url: str) -> Iterator[Warn]:
    if item.state:
        yield _gone(item)
    if item.changed and item.newest:
        yield Warn(
            _("changed since"),
            _changed(item, reader),
            Link(_("See the difference"), f"{url}/since/{quote(item.item.case)}/{item.revision}"),
            f"set:{path}.revision.{item.newest}" if path else "",
            _("Take today’s text"),
        )
    if item.translation:
        language = reader.language(item.translation)
        yield Warn(
            _("translated"),
            _("There is a text of it in %(language)s, the language of the pack.",
              language=language),
            Link(_("Read it"), case_url(item.key.slug, item.translation)),
            f"set:{path}.revision.{LATEST}" if path else "",
            _("Show the latest text"),
        )  # fmt: skip
    if item.behind:
        yield Warn(
            _("translation behind"),
            _("The translation that is shown was made from an older text of the original."),
        )


def _changed(item: ReadItem, reader: Reader) -> str:
    since = reader.date(item.as_of) if item.as_of else item.item.revision
    if not item.changes:
        return _("The case has changed since the text of %(since)s was taken.", since=since)
    return ngettext(
        "The case has changed once since the text of %(since)s was taken.",
        "The case has changed %(num)s times since the text of %(since)s was taken.",
        item.changes, since=since,
    )  # fmt: skip


def _gone(item: ReadItem) -> Warn:
    marks = {
        "withdrawn": (
            _("withdrawn"),
            _("This case was withdrawn; the pack shows its title alone. %(why)s", why=item.reason),
        ),
        "archived": (
            _("archived"), _("This case was archived. %(why)s", why=item.reason),
        ),
        "removed": (
            _("removed"), _("This case is no longer in the library; the pack keeps its text."),
        ),
    }  # fmt: skip
    missing = (_("not found"), _("There is no case of this name, or not the text that is named."))
    mark, text = marks.get(item.state, missing)
    return Warn(mark, text.strip())


def looks(
    pack: ReadPack | None, reader: Reader, url: str = "", typed: Typed | None = None
) -> tuple[Fault, ...]:
    """The cases of a pack that one should look at, each with the way to its row at `url`.

    `typed` is the form that stands there, whose empty rows are no part of the pack.
    """
    if pack is None:
        return ()
    told = (
        (section, place, item, " ".join(warn.text for warn in warns(item, "", reader)))
        for section, part in enumerate(pack.sections)
        for place, item in enumerate(part.items)
    )
    return tuple(
        Fault(item.title, text, f"{url}#f-{_row_of(section, place, typed).replace('.', '-')}")
        for section, place, item, text in told
        if text
    )


def all_of_today(pack: ReadPack | None, typed: Typed) -> str:
    """The value of the button that takes today's text of all cases that changed since.

    "" where there are not two of them.
    """
    changed = [
        f"{_row_of(section, place, typed)}.revision.{item.newest}"
        for section, part in enumerate(pack.sections if pack else ())
        for place, item in enumerate(part.items)
        if item.changed and item.newest
    ]
    return f"set:{','.join(changed)}" if len(changed) > 1 else ""


def _row_of(section: int, place: int, typed: Typed | None) -> str:
    if typed is None:
        return f"sections.{section}.items.{place}"
    return form_path(f"sections[{section + 1}].items[{place + 1}]", typed)


def items_of(pack: ReadPack | None) -> dict[tuple[str, str], ReadItem]:
    """The cases of a pack by their name and the text that is asked for."""
    if pack is None:
        return {}
    return {(one.item.case, one.item.revision): one for one in pack.items}


def outline_of(pack: ReadPack | None) -> tuple[Outlined, ...]:
    """The sections of a pack with its cases; nothing of other documents."""
    if pack is None:
        return ()
    return tuple(
        Outlined(
            section.title,
            _lasting(section.minutes),
            tuple(
                Link(one.title, case_url(one.key.slug, one.key.lang),
                     note=_lasting(one.item.minutes or 0), lang=one.lang)
                for one in section.items
            ),
        )
        for section in pack.sections
    )  # fmt: skip


def _lasting(minutes: int) -> str:
    return ngettext("%(num)s minute", "%(num)s minutes", minutes) if minutes else ""


def since_page(found: Since, reader: Reader) -> SincePage:
    """What happened to a case since the text of it that a pack shows."""
    between, url = found.comparison, f"/drafts/{found.draft.token}"
    return SincePage(
        title=_("Changed since: %(title)s", title=found.title),
        draft=Link(_("About this draft"), url),
        case=Link(_("Read it as it is today"), case_url(found.key.slug, found.key.lang)),
        lang=found.lang,
        told=changes_told(between),
        fields=differences(between, reader),
        body=stretches(between.body) if between.body_differs else (),
        url=f"{url}/since/{quote(found.case)}/{found.revision}",
    )


def sharing_of(draft: Draft, links: Iterable[SecretLink], secret: str, reader: Reader) -> Sharing:
    """The secret links to a pack in the making; `secret` is that of one made just now."""
    return Sharing(
        url=f"/drafts/{draft.token}/links",
        secret=absolute(f"/packs/shared/{secret}") if secret else "",
        links=tuple(
            Shared(
                str(one.id),
                one.label or _("Without a name"),
                _("made %(when)s by %(who)s", when=time_told(one.at, reader), who=one.name),
            )
            for one in links
        ),
    )


# Cases to be added -----------------------------------------------------------------------------


def offered(
    hits: Iterable[Hit], path: str, taken: Collection[str], reader: Reader
) -> tuple[Offered, ...]:
    """Cases that can be put on the list at `path`, but for those that are `taken` already."""
    return tuple(
        Offered(
            action="" if hit.key.slug in taken else f"take:{path}.{hit.key.slug}",
            label=hit.title,
            field=case_facts(hit, reader),
            reason="",
            url=case_url(hit.key.slug, hit.key.lang),
            lang=hit.key.lang or str(hit.record["front"].get("lang") or "en"),
        )
        for hit in hits
    )


def case_facts(hit: Hit, reader: Reader) -> str:
    """Where a case is from and when, in a line."""
    front = hit.record["front"]
    return " · ".join(fact for fact in (places(front, reader), period(front)) if fact)
