"""The forms of a pack: what each is called, where it is had, and the page of those who wait."""

from __future__ import annotations

from urllib.parse import urlencode

from kb.pages.packing import MakingPage
from kb.pieces.common import Link
from kb.present.book import path_of
from kb.services.packing.book import PARTICIPANTS, TRAINER
from kb.services.packing.forms import FORMS
from kb.services.packing.shelf import Making, Order
from kb.services.packs import ReadPack
from kb.translation import gettext as _
from kb.translation import lazy_gettext

#: What the forms are called, by the endings of their addresses, in the order in which they stand.
NAMES = {
    "html": lazy_gettext("Page to print"),
    "pdf": lazy_gettext("PDF"),
    "epub": lazy_gettext("E-book (EPUB)"),
}


def forms_of(pack: ReadPack, edition: str = PARTICIPANTS) -> tuple[Link, ...]:
    """The forms of a pack in an edition, each with what is missing here as its note.

    The trainer's edition has those alone that differ from the participants'.
    """
    return tuple(
        Link(str(name), form_url(pack, suffix, edition), note=FORMS[suffix].lacks())
        for suffix, name in NAMES.items()
        if edition == PARTICIPANTS or FORMS[suffix].editions
    )


def form_url(pack: ReadPack, suffix: str, edition: str = PARTICIPANTS) -> str:
    """The path of a form of a pack."""
    query = "" if edition == PARTICIPANTS else f"?{urlencode({'edition': edition})}"
    return f"{path_of(pack.key)}.{suffix}{query}"


def making_page(wanted: Order, making: Making) -> MakingPage:
    """The page of those who wait for a file."""
    pack, share = wanted.pack, 100 * making.done // making.all if making.all else 0
    name = str(NAMES.get(wanted.form.suffix, wanted.form.suffix))
    title = _("%(form)s, trainer’s edition", form=name) if wanted.edition == TRAINER else name
    told = _("It is being made: %(share)s per cent.", share=share) if making.all else _(
        "It waits to be made, which takes some seconds."
    )  # fmt: skip
    return MakingPage(
        title=title,
        pack=Link(pack.pack.title or pack.key.slug, path_of(pack.key), lang=pack.lang),
        told=told,
        share=share,
        url=form_url(pack, wanted.form.suffix, wanted.edition),
        error=making.error,
    )
