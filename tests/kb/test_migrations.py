"""The tables as migrations make them are the tables that the code knows."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext

from kb.records import journal, people, secret_links
from kb.records.database import MIGRATIONS, Database, now
from kb.records.tables import metadata
from kb.settings import Settings
from tests.desks import drop_schema, own_schema


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    """The address of an empty database."""
    schema = own_schema()
    yield schema or f"sqlite:///{tmp_path / 'desk.sqlite'}"
    drop_schema(Settings(database_url=schema))


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    """A database with the tables that migrations make."""
    made = Database(url)
    made.upgrade()
    yield made
    made.close()


def test_migrations_make_the_tables_of_today(database: Database) -> None:
    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_the_names_of_constraints_are_those_of_the_tables(database: Database) -> None:
    direct = sa.create_engine("sqlite://")
    metadata.create_all(direct)
    told = []
    for engine in (database.engine, direct):
        found = sa.inspect(engine)
        told.append(
            {
                table: (
                    found.get_pk_constraint(table)["name"],
                    sorted(str(one["name"]) for one in found.get_foreign_keys(table)),
                    sorted(str(one["name"]) for one in found.get_unique_constraints(table)),
                    sorted(
                        str(one["name"])
                        for one in found.get_indexes(table)
                        if "duplicates_constraint" not in one
                    ),
                )
                for table in metadata.tables
            }
        )
    assert told[0] == told[1]
    direct.dispose()


def test_an_upgrade_can_be_repeated_and_done_by_several_at_once(url: str) -> None:
    failures: list[BaseException] = []

    def upgrade() -> None:
        database = Database(url)
        try:
            database.upgrade()
            database.upgrade()
        except Exception as problem:
            failures.append(problem)
        finally:
            database.close()

    threads = [threading.Thread(target=upgrade) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_an_upgrade_keeps_what_the_first_tables_hold(url: str) -> None:
    database, _ = upgraded_with_a_draft(url, "0001", kind="case", state="submitted")
    with database.reading() as connection:
        draft = journal.draft(connection, "x" * 24)
        account = people.account_of(connection, "ama@example.org")
    assert (draft.owner, draft.outsider, draft.state) == ("Ama", "", "submitted")
    assert account is not None and account.name == "Ama"
    database.close()


def upgraded_with_a_draft(
    url: str, revision: str, *, kind: str, state: str
) -> tuple[Database, Collection[str]]:
    """A database of today that was of `revision` when Ama began a draft, and its tables then."""
    database = Database(url)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with database.writing() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        old = sa.MetaData()
        old.reflect(connection)
        connection.execute(
            sa.insert(old.tables["person"]).values(
                id=7, email="ama@example.org", name="Ama", role="contributor", created_at=now()
            )
        )
        connection.execute(
            sa.insert(old.tables["draft"]).values(
                token="x" * 24, kind=kind, slug="a", lang="", state=state, owner_id=7,
                created_at=now(), updated_at=now(), note="",
            )
        )  # fmt: skip
    database.upgrade()
    return database, set(old.tables)


def test_an_upgrade_from_the_office_keeps_drafts_and_lets_them_be_shared(url: str) -> None:
    database, before = upgraded_with_a_draft(url, "0002", kind="pack", state="draft")
    assert "secret_link" not in before
    with database.writing() as connection:
        draft = journal.draft(connection, "x" * 24)
        number = secret_links.add(connection, draft.id, "0" * 64, "Accra", (7, "Ama"))
        assert secret_links.of_hash(connection, "0" * 64) is not None
        assert secret_links.revoke(connection, draft.id, number)
        assert not secret_links.revoke(connection, draft.id, number)
        assert secret_links.of_hash(connection, "0" * 64) is None
        assert [one.label for one in secret_links.of_draft(connection, draft.id)] == ["Accra"]
    database.close()


def test_a_downgrade_leaves_nothing(database: Database) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with database.writing() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
    assert sa.inspect(database.engine).get_table_names() == ["alembic_version"]
