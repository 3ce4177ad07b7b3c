"""Help in writing, in words."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from indexer.library import Library
from indexer.terms import Offer
from indexer.values import Key
from kb.entries import Lack, Offered, WritingHelp
from kb.forms.acting import rows_at
from kb.forms.editing import Typed
from kb.pieces.common import Link
from kb.present.entries import term_label
from kb.present.fieldwords import TITLES
from kb.present.links import case_url
from kb.present.pack_making import case_facts, offered
from kb.present.words import Reader
from kb.services.helping import POINTS, Help
from kb.translation import gettext as _

VOCABULARIES = {
    "themes": "themes", "technologies": "technologies", "sdgs": "sdgs", "countries": "countries",
}  # fmt: skip

#: point -> what is lacking, and why it matters
LACKS: Mapping[str, tuple[object, object]] = {
    "went-wrong": (
        _l("Say what went wrong."),
        _l("Readers learn most from it, and trust a case that tells it."),
    ),
    "results": (
        _l("Give at least one result as a figure."),
        _l("A figure can be compared and charted; a sentence cannot."),
    ),
    "result-sources": (
        _l("Name the source of each result."),
        _l("A figure that nobody can look up is not quoted."),
    ),
    "result-years": (
        _l("Give each result its year."),
        _l("Without a year nobody knows whether it still holds."),
    ),
    "comparison": (
        _l("Give a baseline, or the same figure in two years."),
        _l("A change can only be seen beside what was before."),
    ),
    "evidence": (
        _l("Say how the results are known."),
        _l("A trial and a project's own word weigh differently; people filter by it."),
    ),
    "outcome": (
        _l("Say how it went."),
        _l("People look for what was scaled, and for what failed."),
    ),
    "bare-figures": (
        _l("Refer to a source, such as [1], wherever the text states figures."),
        _l("There is a paragraph with figures and no source."),
    ),
    "second-source": (
        _l("Add a source by somebody else."),
        _l("All sources come from one publisher; a second voice makes them stronger."),
    ),
    "lessons": (
        _l("Write down the lessons."),
        _l("It is what others can carry into their own work."),
    ),
    "repeat": (
        _l("Say how to repeat it."),
        _l("Whoever wants to do the same needs the steps, the staff and the time."),
    ),
    "keeps-going": (
        _l("Say what keeps it going."),
        _l("Many projects end with their funding; readers want to know about this one."),
    ),
    "funding": (
        _l("Say what it cost."),
        _l("The first question of whoever has to pay for the next one."),
    ),
    "organisations": (
        _l("Name who took part."),
        _l("People can ask them, and find their other work."),
    ),
    "reasons": (
        _l("Say in a sentence how it served each goal."),
        _l("A goal without a reason looks like a label."),
    ),
    "beneficiaries": (
        _l("Say who was served."),
        _l("People look for what worked for women, farmers or refugees."),
    ),
    "technologies": (
        _l("Name the technologies."),
        _l("People look for what works with the phones and networks that they have."),
    ),
    "modality": (
        _l("Name the form of cooperation."),
        _l("Partnerships between the same kinds of partner are found by it."),
    ),
    "summary-figure": (
        _l("Put one figure into the summary."),
        _l("The summary is all that most people read."),
    ),
    "contact": (
        _l("Name somebody to ask."),
        _l("A question answered in a week can save a year."),
    ),
    "review": (
        _l("Say when it is due for another look."),
        _l("Cases grow old; a date lets somebody check this one."),
    ),
    "pack-objectives": (
        _l("Say what participants can do afterwards."),
        _l("Others choose a pack by it, and you can tell whether it was reached."),
    ),
    "pack-audience": (
        _l("Say for whom it is."),
        _l("A trainer looks for a pack for officials, for teachers, for engineers."),
    ),
    "pack-questions": (
        _l("Give each case a question to discuss."),
        _l("A case that is only read is forgotten; a question makes it one’s own."),
    ),
    "pack-notes": (
        _l("Give each case a teaching note."),
        _l("Somebody else may teach it and has not been in your room."),
    ),
    "pack-minutes": (
        _l("Plan the minutes of each case."),
        _l("The time plan is made of them."),
    ),
    "pack-level": (
        _l("Say how much participants should know before."),
        _l("People filter by it."),
    ),
    "pack-introduction": (
        _l("Write an introduction."),
        _l("It is what participants read first."),
    ),
}


def lacks_of(lacking: tuple[str, ...], url: str = "") -> tuple[Lack, ...]:
    """What a good case still lacks, each with the reason and the way to its field at `url`."""
    return tuple(
        Lack(str(LACKS[name][0]), str(LACKS[name][1]), f"{url}#f-{POINTS[name].field}")
        for name in lacking
    )


def writing_help(found: Help, library: Library, reader: Reader, last: str = "") -> WritingHelp:
    """Cases that are here already, and terms and cases to be taken with a click.

    `last` is the path of the list that cases are put on, "" where there is none yet.
    """
    similar = tuple(
        Link(
            hit.title,
            case_url(hit.key.slug),
            note=case_facts(hit, reader),
            lang=str(hit.record["front"].get("lang") or "en"),
        )
        for hit in found.similar
    )
    offers = tuple(
        Offered(
            action=f"take:{name}.{offer.id}",
            label=term_label(VOCABULARIES[name], offer.id, reader),
            field=str(TITLES.get(name) or _(name.capitalize())),
            reason=_reason(offer, library),
        )
        for name, offered in found.offers.items()
        for offer in offered
    )
    return WritingHelp(similar, offers, offered(found.more, last, (), reader) if last else ())


def last_list(typed: Typed) -> str:
    """The path of the last list of cases of a pack as it is typed, "" where there is none."""
    sections = rows_at(typed, ["sections"]) or []
    return f"sections.{len(sections) - 1}.items" if sections else ""


def _reason(offer: Offer, library: Library) -> str:
    if offer.name:
        return _("your text says “%(words)s”", words=offer.name)
    titles = [title for key in offer.cases if (title := _title(library, key))]
    if titles:
        return _("as in %(case)s", case=titles[0])
    return _("close in meaning")


def _title(library: Library, key: Key) -> str:
    record = library.get(key)
    return str(record["front"].get("title") or "") if record else ""
