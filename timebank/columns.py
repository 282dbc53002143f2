"""How a column is declared, once: identities, references, moments, days, amounts and choices."""

from enum import StrEnum
from typing import Any
from uuid import uuid4

from sqlalchemy import Enum, String
from sqlmodel import Field

from ledger import Amount, Day, Key, Moment

WORD = 200
ByLetters = String(WORD).with_variant(String(WORD, collation="C"), "postgresql")
"""Text in the order of its code points on both engines, so that what begins alike is one stretch of an index."""


def identity() -> Any:
    return Field(default_factory=uuid4, primary_key=True, sa_type=Key)


def refers_to(column: str, *, index: bool = True, primary_key: bool = False, **more: Any) -> Any:
    return Field(foreign_key=column, index=index and not primary_key, primary_key=primary_key, sa_type=Key, **more)


def key(**more: Any) -> Any:
    """A UUID that is no reference: a form's own number, say."""
    return Field(sa_type=Key, **more)


def moment(**more: Any) -> Any:
    return Field(sa_type=Moment, **more)


def day(**more: Any) -> Any:
    return Field(sa_type=Day, **more)


def seconds(**more: Any) -> Any:
    return Field(sa_type=Amount, **more)


def choice(of: type[StrEnum], *, called: str | None = None, **more: Any) -> Any:
    """An enumeration stored by value, as text on both engines, with a CHECK `called` after it."""
    stored = Enum(
        of,
        native_enum=False,
        values_callable=lambda enumeration: [member.value for member in enumeration],
        create_constraint=True,
        length=32,
        name=called or of.__name__.lower(),
    )
    return Field(sa_type=stored, **more)
