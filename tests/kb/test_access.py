"""Who may do what, by enumeration of actions, roles and what they are done to."""

from dataclasses import dataclass

import pytest

from kb.access import (
    ACTIONS,
    CONSOLE,
    ROLES,
    UNDER_REVIEW,
    VISITOR,
    NotAllowed,
    Person,
    SignInNeeded,
    may,
    require,
)


@dataclass(frozen=True)
class Thing:
    owner_id: int = 1
    co_author_ids: tuple[int, ...] = (2,)
    state: str = "draft"


def person(role: str, id: int = 9) -> Person:
    return Person(id, "Ama", "ama@example.org", role)


#: What nobody needs an account for.
FOR_EVERYBODY = ("read", "suggest", "report")


@pytest.mark.parametrize("action", ACTIONS)
def test_a_role_may_what_those_before_it_may(action: str) -> None:
    for subject in (None, Thing(), Thing(state="submitted")):
        allowed = [may(person(role), action, subject) for role in ROLES]
        assert allowed == sorted(allowed)
        assert allowed[-1]
        assert may(CONSOLE, action, subject)


@pytest.mark.parametrize("action", ACTIONS)
def test_visitors_may_read_and_are_asked_to_sign_in_for_the_rest(action: str) -> None:
    assert may(VISITOR, action, Thing()) == (action in FOR_EVERYBODY)
    if action not in FOR_EVERYBODY:
        with pytest.raises(SignInNeeded):
            require(VISITOR, action, Thing())


@pytest.mark.parametrize("action", ["see-draft", "edit-draft", "submit-draft", "invite-co-author"])
def test_owners_and_co_authors_may_what_other_contributors_may_not(action: str) -> None:
    for number in (1, 2):
        require(person("contributor", number), action, Thing())
    with pytest.raises(NotAllowed):
        require(person("contributor", 3), action, Thing())
    with pytest.raises(NotAllowed):
        require(person("contributor", 1), action)


def test_an_owner_who_may_no_longer_write_still_sees_the_draft() -> None:
    assert may(person("reader", 1), "see-draft", Thing())
    assert not may(person("reader", 1), "edit-draft", Thing())
    assert not may(person("reader", 1), "submit-draft", Thing())


@pytest.mark.parametrize("state", ["draft", *UNDER_REVIEW, "published", "rejected"])
def test_reviewers_see_what_is_under_review_and_nothing_earlier(state: str) -> None:
    seen = may(person("reviewer"), "see-draft", Thing(state=state))
    assert seen == (state in UNDER_REVIEW)
    assert not may(person("reviewer"), "edit-draft", Thing(state=state))
    assert may(person("editor"), "see-draft", Thing(state=state))


def test_owning_a_draft_gives_no_right_to_decide_about_it() -> None:
    for action in ("approve", "publish", "reject", "request-changes", "withdraw", "restore"):
        assert not may(person("contributor", 1), action, Thing(state="submitted"))
