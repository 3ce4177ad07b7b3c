"""Accounts, sessions, links and limits, as the services know them: on a real database."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pyotp
import pytest
import sqlalchemy as sa

from kb.access import CONSOLE, KEEPER, VISITOR, NotAllowed, Person, SignInNeeded
from kb.records import people as records
from kb.records.database import now
from kb.records.tables import attempt, event, person, revision, session, ticket
from kb.services import accounts, limits, passwords, people, second_step, sessions, tickets
from kb.services.accounts import Caller, HalfWay, WrongPassword
from kb.services.desk import open_database
from kb.services.letter import Letter, Way, Words
from kb.services.limits import TooManyTries
from kb.services.office import SmallOffice
from kb.services.second_step import WrongCode
from kb.services.sessions import Visit
from kb.services.tickets import LinkNotValid
from kb.services.tokens import hash_of
from kb.settings import Settings
from tests.desks import drop_schema, own_schema
from tests.people import PASSWORD, add_person, link_in, outbox

AMA = "ama@example.org"
HERE = Caller("192.0.2.7", "Mozilla/5.0 Firefox/150.0")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[SmallOffice]:
    settings = Settings(data=tmp_path / "data", registration="open", database_url=own_schema())
    database = open_database(settings)
    yield SmallOffice(database, settings)
    database.close()
    drop_schema(settings)


@pytest.fixture
def ama(office: SmallOffice) -> Person:
    return add_person(office.database, "contributor", "Ama", AMA)


@pytest.fixture
def keeper(office: SmallOffice) -> Person:
    return add_person(office.database, KEEPER)


def write(to: str, token: str) -> Letter:
    return Letter(to, "A link", (Way("Here", f"http://127.0.0.1:8000/x/{token}"),))


def told(to: str = AMA) -> Letter:
    return Letter(to, "Changed", (Words("Your password was changed."),))


def entered(office: SmallOffice, email: str = AMA, password: str = PASSWORD) -> Visit:
    visit = accounts.sign_in(office, email, password, False, HERE)
    assert isinstance(visit, Visit)
    return visit


def pass_time(office: SmallOffice, table: sa.Table, column: str, by: timedelta) -> None:
    """Makes what is written down older."""
    with office.database.writing() as connection:
        for row in connection.execute(sa.select(table.c.id, table.c[column])).all():
            query = sa.update(table).where(table.c.id == row[0])
            connection.execute(query.values({column: row[1] - by}))


class TestSigningIn:
    def test_the_right_password_begins_a_session_known_by_its_hash_alone(
        self, office: SmallOffice, ama: Person
    ) -> None:
        visit = entered(office)
        assert visit.person == ama
        assert sessions.current(office, visit.token) == ama
        with office.database.reading() as connection:
            row = connection.execute(sa.select(session)).mappings().one()
        assert row["token_hash"] == hash_of(visit.token)
        assert visit.token not in str(dict(row))

    def test_each_sign_in_has_a_token_of_its_own(self, office: SmallOffice, ama: Person) -> None:
        assert entered(office).token != entered(office).token

    def test_a_wrong_password_an_unknown_address_and_a_closed_account_are_told_alike(
        self, office: SmallOffice, ama: Person, keeper: Person
    ) -> None:
        told_ = []
        for email, password in ((AMA, "wrong"), ("nobody@example.org", PASSWORD)):
            with pytest.raises(WrongPassword) as problem:
                accounts.sign_in(office, email, password, False, HERE)
            told_.append(problem.value.args)
        people.disable(office, keeper, ama.id or 0)
        with pytest.raises(WrongPassword) as problem:
            accounts.sign_in(office, AMA, PASSWORD, False, HERE)
        assert {*told_, problem.value.args} == {()}

    def test_the_hash_is_computed_for_an_unknown_address_too(
        self, office: SmallOffice, ama: Person, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        computed: list[str] = []
        verify = passwords.HASHER.verify

        class Counting:
            def verify(self, kept: str, password: str) -> bool:
                computed.append(kept)
                return verify(kept, password)

            def hash(self, password: str) -> str:
                return passwords.PasswordHasher(time_cost=1, memory_cost=8).hash(password)

        monkeypatch.setattr(passwords, "HASHER", Counting())
        for email in (AMA, "nobody@example.org"):
            with pytest.raises(WrongPassword):
                accounts.sign_in(office, email, "wrong", False, HERE)
        assert len(computed) == 2
        assert all(kept.startswith("$argon2id$") for kept in computed)

    def test_a_person_who_was_invited_and_never_came_cannot_sign_in(
        self, office: SmallOffice
    ) -> None:
        with office.database.writing() as connection:
            accounts.add(connection, AMA, "Ama", "reader", None)
        with pytest.raises(WrongPassword):
            accounts.sign_in(office, AMA, "nobody has this password", False, HERE)

    def test_a_hash_of_former_costs_is_made_anew(self, office: SmallOffice, ama: Person) -> None:
        old = passwords.PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(PASSWORD)
        with office.database.writing() as connection:
            records.change_account(connection, ama.id or 0, password=old)
        entered(office)
        with office.database.reading() as connection:
            account = records.account(connection, ama.id or 0)
        assert account
        assert not passwords.outdated(account.password or "")


class TestSessions:
    def test_signing_out_ends_this_session_and_everywhere_ends_all(
        self, office: SmallOffice, ama: Person
    ) -> None:
        one, two, three = entered(office), entered(office), entered(office)
        sessions.sign_out(office, one.token)
        assert sessions.current(office, one.token) == VISITOR
        assert sessions.current(office, two.token) == ama
        assert sessions.sign_out_everywhere(office, ama, but=two.token) == 1
        assert sessions.current(office, three.token) == VISITOR
        assert sessions.current(office, two.token) == ama
        sessions.sign_out_everywhere(office, ama)
        assert sessions.current(office, two.token) == VISITOR

    def test_nobody_ends_or_sees_the_sessions_of_others(
        self, office: SmallOffice, ama: Person, keeper: Person
    ) -> None:
        visit = entered(office)
        (mine,) = sessions.sessions_of(office, ama, visit.token)
        assert mine.current
        assert sessions.sessions_of(office, keeper, "") == ()
        sessions.revoke(office, keeper, mine.id)
        assert sessions.current(office, visit.token) == ama
        sessions.revoke(office, ama, mine.id)
        assert sessions.current(office, visit.token) == VISITOR

    def test_a_session_ends_when_it_is_not_used_and_a_remembered_one_later(
        self, office: SmallOffice, ama: Person
    ) -> None:
        short = entered(office)
        long = accounts.sign_in(office, AMA, PASSWORD, True, HERE)
        assert isinstance(long, Visit)
        for column in ("seen_at", "expires_at", "created_at"):
            pass_time(office, session, column, timedelta(minutes=31))
        assert sessions.current(office, short.token) == VISITOR
        assert sessions.current(office, long.token) == ama
        for column in ("seen_at", "expires_at", "created_at"):
            pass_time(office, session, column, timedelta(days=31))
        assert sessions.current(office, long.token) == VISITOR

    def test_use_prolongs_a_session_but_never_beyond_the_longest(
        self, office: SmallOffice, ama: Person
    ) -> None:
        visit = accounts.sign_in(office, AMA, PASSWORD, True, HERE)
        assert isinstance(visit, Visit)
        pass_time(office, session, "seen_at", timedelta(hours=1))
        pass_time(office, session, "created_at", sessions.LONGEST - timedelta(hours=1))
        sessions.current(office, visit.token)
        with office.database.reading() as connection:
            row = records.session_named(connection, hash_of(visit.token))
        assert row
        assert now() - row.seen_at < timedelta(minutes=1)
        assert row.expires_at == row.created_at + sessions.LONGEST

    def test_an_invented_token_is_nobodys(self, office: SmallOffice) -> None:
        for token in ("", "x", "\udc80", "é" * 1000):
            assert sessions.current(office, token) == VISITOR

    def test_keeping_somebody_out_ends_what_they_have_open(
        self, office: SmallOffice, ama: Person, keeper: Person
    ) -> None:
        visit = entered(office)
        people.disable(office, keeper, ama.id or 0)
        assert sessions.current(office, visit.token) == VISITOR
        people.disable(office, keeper, ama.id or 0, closed=False)
        assert sessions.current(office, visit.token) == VISITOR
        assert entered(office).person == ama


class TestLimits:
    def test_guesses_at_an_account_wait_longer_and_longer_also_from_other_addresses(
        self, office: SmallOffice, ama: Person
    ) -> None:
        waits = []
        for number in range(8):
            try:
                accounts.sign_in(office, AMA, "wrong", False, Caller(f"192.0.2.{number}"))
            except WrongPassword:
                waits.append(0)
            except TooManyTries as problem:
                waits.append(problem.seconds)
                pass_time(office, attempt, "at", timedelta(seconds=problem.seconds))
        assert waits[:5] == [0] * 5
        assert waits[5] == 2
        with pytest.raises(TooManyTries):
            for _ in range(3):
                limits.count(office, "sign-in", AMA)

    def test_the_right_password_has_to_wait_too_and_then_clears_the_count(
        self, office: SmallOffice, ama: Person
    ) -> None:
        for _ in range(5):
            with pytest.raises(WrongPassword):
                accounts.sign_in(office, AMA, "wrong", False, HERE)
        with pytest.raises(TooManyTries):
            accounts.sign_in(office, AMA, PASSWORD, False, HERE)
        pass_time(office, attempt, "at", timedelta(seconds=3))
        entered(office)
        with pytest.raises(WrongPassword):
            accounts.sign_in(office, AMA, "wrong", False, HERE)

    def test_an_unknown_address_waits_as_a_known_one(self, office: SmallOffice) -> None:
        for _ in range(5):
            with pytest.raises(WrongPassword):
                accounts.sign_in(office, "nobody@example.org", "wrong", False, HERE)
        with pytest.raises(TooManyTries):
            accounts.sign_in(office, "nobody@example.org", "wrong", False, HERE)

    def test_one_address_cannot_try_many_accounts(self, office: SmallOffice) -> None:
        free = limits.LIMITS["sign-in"]["address"].free
        for number in range(free):
            limits.count(office, "sign-in", f"{number}@example.org", "2001:db8::1")
        with pytest.raises(TooManyTries):
            limits.count(office, "sign-in", "more@example.org", "2001:db8::2")  # the same household
        limits.count(office, "sign-in", "more@example.org", "2001:db8:0:1::1")

    def test_waits_double_up_to_the_longest(self) -> None:
        limit = limits.Limit(5, 900)
        assert [limit.wait(n) for n in (0, 4, 5, 6, 7, 13, 14, 10_000)] == [
            0, 0, 2, 4, 8, 512, 900, 900,
        ]  # fmt: skip

    def test_the_count_survives_another_process_and_holds_when_many_try_at_once(
        self, office: SmallOffice, ama: Person
    ) -> None:
        passed: list[int] = []

        def try_once() -> None:
            database = open_database(office.settings)
            try:
                limits.count(SmallOffice(database, office.settings), "sign-in", AMA)
                passed.append(1)
            except TooManyTries:
                pass
            finally:
                database.close()

        threads = [threading.Thread(target=try_once) for _ in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(passed) == limits.LIMITS["sign-in"]["account"].free

    def test_tries_are_kept_as_hashes_and_not_for_ever(self, office: SmallOffice) -> None:
        limits.count(office, "sign-in", AMA, HERE.address)
        with office.database.reading() as connection:
            rows = connection.execute(sa.select(attempt)).all()
        assert AMA not in str(rows)
        assert HERE.address not in str(rows)
        pass_time(office, attempt, "at", limits.WINDOW + timedelta(minutes=1))
        limits.count(office, "sign-in", "other@example.org")
        with office.database.reading() as connection:
            assert len(connection.execute(sa.select(attempt)).all()) == 1


class TestComingIn:
    def test_an_invitation_makes_an_account_once(self, office: SmallOffice, keeper: Person) -> None:
        made = people.invite(office, keeper, AMA, "reviewer", write)
        assert not made.sent  # no mail server: the letter lies in the outbox
        (letter,) = outbox(office.settings.data)
        assert link_in(letter).endswith(made.token)
        assert [row.email for row in people.invitations(office, keeper)] == [AMA]
        how = {"email": "x@y.zz", "name": "Ama", "password": PASSWORD, "caller": HERE}
        visit = accounts.accept(office, made.token, **how)  # type: ignore[arg-type]
        assert (visit.person.email, visit.person.role) == (AMA, "reviewer")
        assert people.invitations(office, keeper) == ()
        with pytest.raises(LinkNotValid):
            accounts.accept(office, made.token, **how)  # type: ignore[arg-type]

    def test_a_newer_invitation_takes_the_place_of_an_older_and_can_be_taken_back(
        self, office: SmallOffice, keeper: Person
    ) -> None:
        old = people.invite(office, keeper, AMA, "editor", None)
        new = people.invite(office, keeper, AMA, "reader", None)
        with pytest.raises(LinkNotValid):
            accounts.way_in(office, old.token)
        (row,) = people.invitations(office, keeper)
        people.take_back(office, keeper, row.id)
        with pytest.raises(LinkNotValid):
            accounts.way_in(office, new.token)

    def test_links_end(self, office: SmallOffice, keeper: Person) -> None:
        made = people.invite(office, keeper, AMA, "reader", None)
        pass_time(office, ticket, "expires_at", timedelta(days=15))
        with pytest.raises(LinkNotValid):
            accounts.way_in(office, made.token)

    def test_a_link_for_one_thing_does_not_do_another(
        self, office: SmallOffice, ama: Person, keeper: Person
    ) -> None:
        reset = people.reset_link(office, keeper, ama.id or 0)
        invitation = people.invite(office, keeper, "kofi@example.org", "reader", None).token
        for wrong in (
            lambda: accounts.way_in(office, reset),
            lambda: accounts.resetting(office, invitation),
            lambda: accounts.sign_in_further(office, reset, "000000", False, HERE),
        ):
            with pytest.raises(LinkNotValid):
                wrong()

    def test_who_has_an_account_is_not_invited(
        self, office: SmallOffice, ama: Person, keeper: Person
    ) -> None:
        with pytest.raises(people.AlreadyHere):
            people.invite(office, keeper, AMA, "reader", None)

    def test_registering_sends_a_link_to_the_new_and_a_word_to_the_known(
        self, office: SmallOffice, ama: Person
    ) -> None:
        def known(to: str, token: str) -> Letter:
            way = Way("Sign in", "http://127.0.0.1:8000/account/sign-in")
            return Letter(to, "You are here", (way,))

        accounts.register(office, AMA, write, known, HERE)
        accounts.register(office, "kofi@example.org", write, known, HERE)
        by_address = {letter["To"]: letter for letter in outbox(office.settings.data)}
        assert by_address[AMA]["Subject"] == "You are here"
        token = link_in(by_address["kofi@example.org"]).rsplit("/", 1)[1]
        visit = accounts.accept(
            office, token, email="", name="Kofi", password=PASSWORD, caller=HERE
        )
        assert (visit.person.email, visit.person.role) == ("kofi@example.org", "contributor")

    def test_where_registration_is_closed_nobody_registers(self, tmp_path: Path) -> None:
        settings = Settings(data=tmp_path / "data")
        database = open_database(settings)
        with pytest.raises(accounts.RegistrationClosed):
            accounts.register(SmallOffice(database, settings), AMA, write, write, HERE)
        database.close()

    def test_the_first_link_makes_an_administrator_as_long_as_there_is_none(
        self, office: SmallOffice
    ) -> None:
        old, token = accounts.first_token(office), accounts.first_token(office)
        with pytest.raises(LinkNotValid):
            accounts.way_in(office, old)
        visit = accounts.accept(
            office, token, email=AMA, name="Ama", password=PASSWORD, caller=HERE
        )
        assert visit.person.role == KEEPER
        assert accounts.first_token(office) == ""

    def test_the_first_link_is_worth_nothing_once_somebody_manages(
        self, office: SmallOffice
    ) -> None:
        token = accounts.first_token(office)
        add_person(office.database, KEEPER)
        with pytest.raises(LinkNotValid):
            accounts.accept(office, token, email=AMA, name="A", password=PASSWORD, caller=HERE)

    @pytest.mark.parametrize(
        ("password", "why"),
        [("short", "short"), ("eleven char", "short"), ("a  b  c  d  e  f", "short"),
         ("xyzzy" * 40, "long"), ("aaaaaaaaaaaa", "common"), ("abcabcabcabcabc", "common"),
         ("Password12345", "common"), ("motdepasse2026!", "common"), ("1qaz2wsx3edc", "common"),
         ("QWERTYUIOPASDF", "common"), ("987654321098", "common"), (AMA, "name"),
         ("Ama Mensah 2026", "name"), ("Sankofa 2026!", "common")],
    )  # fmt: skip
    def test_a_password_that_is_guessed_soon_is_refused_and_the_link_still_works(
        self, office: SmallOffice, keeper: Person, password: str, why: str
    ) -> None:
        token = people.invite(office, keeper, AMA, "reader", None).token
        with pytest.raises(passwords.WeakPassword) as problem:
            accounts.accept(
                office, token, email="", name="Ama Mensah", password=password, caller=HERE
            )
        assert problem.value.why == why
        assert accounts.way_in(office, token).email == AMA


class TestPasswords:
    def test_a_forgotten_password_is_replaced_by_a_link_which_ends_all_sessions(
        self, office: SmallOffice, ama: Person
    ) -> None:
        visit = entered(office)
        accounts.request_reset(office, AMA, write, HERE)
        token = link_in(outbox(office.settings.data)[0]).rsplit("/", 1)[1]
        accounts.reset(office, token, "quite another one", told())
        assert sessions.current(office, visit.token) == VISITOR
        assert entered(office, password="quite another one").person == ama
        with pytest.raises(LinkNotValid):
            accounts.reset(office, token, "and again another", told())
        assert [m["Subject"] for m in outbox(office.settings.data)] == ["A link", "Changed"]

    def test_an_unknown_address_is_answered_alike_with_the_same_rows_and_gets_nothing(
        self, office: SmallOffice, ama: Person
    ) -> None:
        made = []

        def counted(to: str, token: str) -> Letter:
            made.append(to)
            return write(to, token)

        for email in (AMA, "nobody@example.org"):
            assert accounts.request_reset(office, email, counted, HERE) is None
        assert made == [AMA, "nobody@example.org"]
        with office.database.reading() as connection:
            assert len(connection.execute(sa.select(ticket)).all()) == 2
        assert [letter["To"] for letter in outbox(office.settings.data)] == [AMA]

    def test_changing_it_needs_the_old_one_and_keeps_this_session_alone(
        self, office: SmallOffice, ama: Person
    ) -> None:
        here, there = entered(office), entered(office)
        new = "quite another one"
        with pytest.raises(WrongPassword):
            changed(office, ama, here.token, "no", new)
        fresh = changed(office, ama, here.token, PASSWORD, new)
        assert sessions.current(office, fresh.token) == ama
        assert sessions.current(office, here.token) == VISITOR  # the token is another one too
        assert sessions.current(office, there.token) == VISITOR
        assert entered(office, password=new)

    def test_a_reset_does_not_go_round_the_second_step(
        self, office: SmallOffice, ama: Person, keeper: Person
    ) -> None:
        with_second_step(office, ama)
        token = people.reset_link(office, keeper, ama.id or 0)
        accounts.reset(office, token, "quite another one", told())
        found = accounts.sign_in(office, AMA, "quite another one", False, HERE)
        assert isinstance(found, HalfWay)


def changed(office: SmallOffice, who: Person, token: str, old: str, new: str) -> Visit:
    return accounts.change_password(office, who, token, old=old, new=new, told=told(), caller=HERE)


def with_second_step(office: SmallOffice, who: Person) -> tuple[str, tuple[str, ...]]:
    """Switches it on a minute ago, so that the code of now was not used yet."""
    setup = second_step.prepare(office, who)
    account = accounts.own_account(office, who)
    codes = second_step.start(office, account, who, setup.secret, pyotp.TOTP(setup.secret).now())
    with office.database.writing() as connection:
        records.change_account(connection, who.id or 0, totp_last=0)
    return setup.secret, codes


class TestSecondStep:
    def half_way(self, office: SmallOffice) -> str:
        found = accounts.sign_in(office, AMA, PASSWORD, False, HERE)
        assert isinstance(found, HalfWay)
        return found.token

    def test_it_is_asked_for_and_each_code_works_once(
        self, office: SmallOffice, ama: Person
    ) -> None:
        secret, _ = with_second_step(office, ama)
        code = pyotp.TOTP(secret).now()
        token = self.half_way(office)
        assert sessions.current(office, token) == VISITOR
        visit = accounts.sign_in_further(office, token, f" {code[:3]} {code[3:]}", False, HERE)
        assert sessions.current(office, visit.token) == ama
        with pytest.raises(WrongCode):
            accounts.sign_in_further(office, self.half_way(office), code, False, HERE)

    def test_a_recovery_code_works_once_however_it_is_typed(
        self, office: SmallOffice, ama: Person
    ) -> None:
        _, codes = with_second_step(office, ama)
        assert len(set(codes)) == second_step.CODES
        accounts.sign_in_further(office, self.half_way(office), codes[0].upper(), False, HERE)
        with pytest.raises(WrongCode):
            accounts.sign_in_further(office, self.half_way(office), codes[0], False, HERE)
        assert second_step.codes_left(office, accounts.own_account(office, ama)) == 9
        second_step.new_codes(office, accounts.own_account(office, ama), ama)
        with pytest.raises(WrongCode):
            accounts.sign_in_further(office, self.half_way(office), codes[1], False, HERE)

    def test_codes_cannot_be_guessed_by_trying(self, office: SmallOffice, ama: Person) -> None:
        with_second_step(office, ama)
        token = self.half_way(office)
        for code in ("000000", "abc", "", "١٢٣٤٥٦", "1234567"):
            with pytest.raises(WrongCode):
                accounts.sign_in_further(office, token, code, False, HERE)
        with pytest.raises(TooManyTries):
            accounts.sign_in_further(office, self.half_way(office), "000000", False, HERE)

    def test_the_half_way_link_ends_soon_and_works_once(
        self, office: SmallOffice, ama: Person
    ) -> None:
        secret, codes = with_second_step(office, ama)
        token = self.half_way(office)
        accounts.sign_in_further(office, token, codes[0], False, HERE)
        with pytest.raises(LinkNotValid):
            accounts.sign_in_further(office, token, codes[1], False, HERE)
        late = self.half_way(office)
        pass_time(office, ticket, "expires_at", timedelta(minutes=11))
        with pytest.raises(LinkNotValid):
            accounts.sign_in_further(office, late, pyotp.TOTP(secret).now(), False, HERE)

    def test_it_is_switched_on_only_by_a_code_of_the_app_and_off_again(
        self, office: SmallOffice, ama: Person
    ) -> None:
        setup = second_step.prepare(office, ama)
        account = accounts.own_account(office, ama)
        assert setup.address.startswith("otpauth://totp/Sankofa:ama%40example.org?secret=")
        for secret, code in ((setup.secret, "000000"), ("short", "000000"), (setup.secret, "")):
            with pytest.raises(WrongCode):
                second_step.start(office, account, ama, secret, code)
        with_second_step(office, ama)
        second_step.stop(office, accounts.own_account(office, ama), ama)
        assert entered(office).person == ama

    def test_an_administrator_takes_it_away_from_somebody_who_lost_it_all(
        self, office: SmallOffice, ama: Person
    ) -> None:
        with_second_step(office, ama)
        token = people.reset_link(office, CONSOLE, ama.id or 0, without_second_step=True)
        accounts.reset(office, token, "quite another one", told())
        assert entered(office, password="quite another one").person == ama


class TestManaging:
    def test_somebody_is_always_left_who_may_manage(
        self, office: SmallOffice, ama: Person, keeper: Person
    ) -> None:
        number = keeper.id or 0
        for last in (
            lambda: people.set_role(office, keeper, number, "editor"),
            lambda: people.disable(office, keeper, number),
            lambda: people.delete_account(office, keeper, PASSWORD, "keep", ""),
        ):
            with pytest.raises(people.LastAdministrator):
                last()
        assert people.find(office, keeper, keeper.email).role == keeper.role
        people.set_role(office, keeper, ama.id or 0, KEEPER)
        people.set_role(office, keeper, number, "editor")

    def test_only_administrators_see_and_manage(self, office: SmallOffice, ama: Person) -> None:
        for act in (lambda who: people.people(office, who),
                    lambda who: people.invitations(office, who),
                    lambda who: people.invite(office, who, "k@example.org", "reader", None),
                    lambda who: people.take_back(office, who, 1),
                    lambda who: people.find(office, who, AMA),
                    lambda who: people.set_role(office, who, 1, KEEPER),
                    lambda who: people.disable(office, who, 1),
                    lambda who: people.reset_link(office, who, 1)):  # fmt: skip
            with pytest.raises(SignInNeeded):
                act(VISITOR)
            for role in ("reader", "contributor", "reviewer", "editor"):
                with pytest.raises(NotAllowed):
                    act(Person(ama.id, "Ama", AMA, role))

    def test_names_that_are_none_are_told(self, office: SmallOffice, keeper: Person) -> None:
        with pytest.raises(people.NoSuchPerson):
            people.set_role(office, keeper, 999, "editor")
        with pytest.raises(people.NoSuchPerson):
            people.find(office, keeper, "nobody@example.org")
        with pytest.raises(people.NoSuchRole):
            people.set_role(office, keeper, keeper.id or 0, "king")

    def test_what_happened_is_written_down(
        self, office: SmallOffice, ama: Person, keeper: Person
    ) -> None:
        people.set_role(office, keeper, ama.id or 0, "editor")
        with office.database.reading() as connection:
            newest = sa.select(event).order_by(event.c.id.desc())
            row = connection.execute(newest).mappings().first()
        assert row
        assert (row["name"], row["action"], row["subject"]) == (keeper.name, "role", AMA)
        assert row["detail"] == "contributor to editor"


class TestLeaving:
    @pytest.mark.parametrize(("fate", "name"), [("keep", "Ama"), ("anonymous", "A former one")])
    def test_the_name_on_texts_becomes_what_was_chosen_and_the_rest_goes(
        self, office: SmallOffice, ama: Person, fate: str, name: str
    ) -> None:
        visit = entered(office)
        with office.database.writing() as connection:
            connection.execute(
                sa.insert(revision).values(
                    kind="case", slug="x", lang="", text="", hash="", event="saved", at=now(),
                    author_id=ama.id, author="Ama", message="", pending=False,
                )
            )  # fmt: skip
        with pytest.raises(WrongPassword):
            people.delete_account(office, ama, "wrong", fate, "A former one")
        people.delete_account(office, ama, PASSWORD, fate, "A former one")
        assert sessions.current(office, visit.token) == VISITOR
        with pytest.raises(WrongPassword):
            accounts.sign_in(office, AMA, PASSWORD, False, HERE)
        with office.database.reading() as connection:
            assert connection.execute(sa.select(revision.c.author)).scalar_one() == name
            row = connection.execute(sa.select(person)).mappings().one()
            everything = [
                str(connection.execute(sa.select(table)).all()) for table in (person, event, ticket)
            ]
        assert row["email"] is row["password"] is row["totp_secret"] is None
        assert row["name"] == name
        assert not any(AMA in rows for rows in everything)
        assert fate == "keep" or not any("'Ama'" in rows for rows in everything)

    def test_the_address_can_be_used_again(self, office: SmallOffice, ama: Person) -> None:
        people.delete_account(office, ama, PASSWORD, "keep", "x")
        again = add_person(office.database, "reader", "Ama the second", AMA)
        assert again.id != ama.id
        assert entered(office).person == again


def test_tickets_are_known_by_their_hash_alone(office: SmallOffice, keeper: Person) -> None:
    token = people.invite(office, keeper, AMA, "reader", None).token
    with office.database.reading() as connection:
        assert token not in str(connection.execute(sa.select(ticket)).all())
    assert tickets.read(office, token, tickets.INVITATION).token_hash == hash_of(token)
