"""Why a comment, a verdict or a publication was refused, in words."""

from __future__ import annotations

from kb.present.review import missing_told, point_words
from kb.services.commenting import NothingSaid, TooLong
from kb.services.places import NoSuchPlace
from kb.services.publishing import NotValid
from kb.services.verdicts import NotReviewed, PointsMissing, ReasonNeeded, TextChanged
from kb.translation import gettext as _

#: What is told on the page itself, beside what was typed.
REFUSED = (
    NothingSaid, TooLong, NoSuchPlace, NotValid, NotReviewed, PointsMissing, ReasonNeeded,
    TextChanged,
)  # fmt: skip


def refused_told(problem: Exception) -> str:
    """What is wrong with what was sent, and what would be right."""
    if isinstance(problem, NotReviewed):
        return missing_told(problem.missing, problem.could, more=True, joined=problem.joined)
    if isinstance(problem, TooLong):
        return _("That is too long: at most %(number)s characters.", number=problem.most)
    if isinstance(problem, PointsMissing):
        points = "; ".join(point_words(point) for point in problem.points)
        return _("These points must be seen to before it is approved: %(points)s", points=points)
    if isinstance(problem, ReasonNeeded):
        if problem.move == "reject":
            return _("Say why it is turned down: its authors are told.")
        return _("Say what is to be changed: in a message, or in a comment at the place.")
    if isinstance(problem, NoSuchPlace) and problem.passage:
        return _(
            "This passage does not stand in the text. Copy it from the text as it is shown, or"
            " comment on all of the text."
        )
    words = {
        NothingSaid: _("Write what you want to say."),
        NoSuchPlace: _("The text has no such field. Choose what the comment is about."),
        TextChanged: _(
            "The text has changed since you opened it. Look at it again; what you wrote and ticked"
            " is kept."
        ),
        NotValid: _("It cannot be published yet: see what is to be mended."),
    }
    return words[type(problem)]
