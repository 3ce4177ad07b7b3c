"""The table of rights in words: what can be done here, and how far each role may do it."""

from __future__ import annotations

from kb.access import ACTIONS, ROLES, Person, extent
from kb.pages.office import RightsPage
from kb.pieces.common import Link, Mark
from kb.pieces.office import RightRow
from kb.present.office import office_tabs
from kb.present.people import role_name, role_told
from kb.translation import gettext as _
from kb.translation import ngettext

PATH = "/office/rights"


def rights_page(person: Person, reviews: int) -> RightsPage:
    """Who may do what, as `kb.access` has it; so many others look at a text before it is public."""
    return RightsPage(
        title=_("Rights"),
        tabs=office_tabs(person, PATH),
        roles=(
            Link(_("Visitor"), note=_("is not signed in")),
            *(Link(role_name(role), note=role_told(role)) for role in ROLES),
        ),
        rows=tuple(
            RightRow(action_words(action), tuple(_cell(role, action) for role in ("", *ROLES)))
            for action in ACTIONS
        ),
        note=ngettext(
            "Nobody checks a text of their own: %(num)s other person must have approved what is"
            " published. The setting REVIEWS says so.",
            "Nobody checks a text of their own: %(num)s other people must have approved what is"
            " published. The setting REVIEWS says so.",
            reviews,
        )
        if reviews
        else _("Editors may publish texts of their own: the setting REVIEWS is 0."),
    )


def _cell(role: str, action: str) -> Mark:
    words = {
        ("all",): Mark(_("yes"), "good"),
        ("own",): Mark(_("own drafts")),
        ("review",): Mark(_("drafts under review")),
        ("own", "review"): Mark(_("own drafts, and those under review")),
        (): Mark(_("no"), "warning"),
    }
    return words[extent(role, action)]


def action_words(action: str) -> str:
    """What an action of `kb.access` is called."""
    found = ACTION_WORDS.get(action)
    return _(found) if found else action.replace("-", " ").capitalize()


def N_(text: str) -> str:  # noqa: N802 (the name that Babel looks for)
    """The text itself, noted for translation."""
    return text


ACTION_WORDS = {
    "read": N_("Read what is public, and its history"),
    "keep-account": N_("Keep an account of one’s own"),
    "write": N_("Write: begin drafts, restore earlier texts"),
    "see-notes": N_("See the teaching notes of a pack"),
    "see-draft": N_("See a draft"),
    "edit-draft": N_("Change the text of a draft"),
    "submit-draft": N_("Hand a draft in, take it back, discard it"),
    "invite-co-author": N_("Let others write in a draft"),
    "share-draft": N_("Show the draft of a pack by a secret link"),
    "comment": N_("Comment on a draft"),
    "see-queue": N_("See the queue"),
    "claim": N_("Take a draft to check it"),
    "request-changes": N_("Send a draft back for changes"),
    "approve": N_("Approve a draft"),
    "publish": N_("Publish"),
    "reject": N_("Turn a draft down"),
    "withdraw": N_("Withdraw what is public"),
    "archive": N_("Archive what is public"),
    "restore": N_("Bring back what was withdrawn or archived"),
    "set-checklist": N_("Change the checklist of reviewers"),
    "suggest": N_("Suggest a change without an account"),
    "report": N_("Report a problem"),
    "answer-reports": N_("Answer reported problems"),
    "attach": N_("Add pictures and documents"),
    "remove-attachment": N_("Remove pictures and documents"),
    "keep-alerts": N_("Be told of what is new for a search"),
    "see-office": N_("Work in the editors’ room"),
    "see-people": N_("See who has an account"),
    "manage-people": N_("Invite people, give roles, keep people out"),
    "purge": N_("Remove a document for good"),
    "see-events": N_("See who did what"),
}
