"""What all tables are made of."""

from __future__ import annotations

import sqlalchemy as sa

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def key() -> sa.Column[int]:
    """A number that names the row."""
    whole = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    return sa.Column("id", whole, primary_key=True, autoincrement=True)


def person_of(name: str = "person_id", **how: object) -> sa.Column[int]:
    """Somebody who has an account, or had one."""
    return sa.Column(name, sa.ForeignKey("person.id"), index=True, **how)  # type: ignore[arg-type]


def at(name: str = "at", **how: object) -> sa.Column[object]:
    """A moment, UTC."""
    return sa.Column(name, sa.DateTime(timezone=False), **how)  # type: ignore[arg-type]
