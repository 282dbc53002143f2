"""Column types that keep their meaning exactly, on SQLite (STRICT tables) and on PostgreSQL alike."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Date, DateTime, Dialect, Integer, LargeBinary, Text, Uuid
from sqlalchemy.types import TypeDecorator, TypeEngine

Convert = Callable[[Any], Any] | None

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class Key(TypeDecorator[UUID]):
    """A UUID: 16 bytes on SQLite, ``uuid`` on PostgreSQL."""

    impl = Uuid
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(LargeBinary(16) if dialect.name == "sqlite" else Uuid())

    def bind_processor(self, dialect: Dialect) -> Convert:
        return _bytes_of_key if dialect.name == "sqlite" else _key

    def result_processor(self, dialect: Dialect, coltype: object) -> Convert:  # noqa: ARG002 - SQLAlchemy's signature
        return _key_of_bytes if dialect.name == "sqlite" else None


class Moment(TypeDecorator[datetime]):
    """A moment in UTC, always aware: whole microseconds since 1970 on SQLite, ``timestamptz`` on PostgreSQL."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Integer() if dialect.name == "sqlite" else DateTime(timezone=True))

    def bind_processor(self, dialect: Dialect) -> Convert:
        return _microseconds_of_moment if dialect.name == "sqlite" else _moment

    def result_processor(self, dialect: Dialect, coltype: object) -> Convert:  # noqa: ARG002 - SQLAlchemy's signature
        return _moment_of_microseconds if dialect.name == "sqlite" else _moment


class Day(TypeDecorator[date]):
    """A calendar day: ISO text on SQLite (which sorts as days do), ``date`` on PostgreSQL."""

    impl = Date
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else Date())

    def bind_processor(self, dialect: Dialect) -> Convert:
        return _text_of_day if dialect.name == "sqlite" else _day

    def result_processor(self, dialect: Dialect, coltype: object) -> Convert:  # noqa: ARG002 - SQLAlchemy's signature
        return _day_of_text if dialect.name == "sqlite" else None


class Amount(TypeDecorator[int]):
    """Whole seconds, signed 64-bit."""

    impl = BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Integer() if dialect.name == "sqlite" else BigInteger())


# The conversions, each one plain function: rows by the hundred thousand pass through them


def _key(value: UUID | None) -> UUID | None:
    if value is not None and not isinstance(value, UUID):
        raise TypeError(f"a Key is a UUID, not {type(value).__name__}")
    return value


def _bytes_of_key(value: UUID | None) -> bytes | None:
    if isinstance(value, UUID):
        return value.int.to_bytes(16, "big")
    _key(value)
    return None


def _key_of_bytes(value: bytes | None) -> UUID | None:
    return None if value is None else UUID(bytes=value)


def _moment(value: datetime | None) -> datetime | None:
    if value is None or value.tzinfo is UTC:
        return value
    if value.tzinfo is None:
        raise ValueError("a Moment has a time zone: a naive datetime could be any hour of the day")
    return value.astimezone(UTC)


def _microseconds_of_moment(value: datetime | None) -> int | None:
    moment = _moment(value)
    return None if moment is None else (moment - EPOCH) // MICROSECOND


def _moment_of_microseconds(value: int | None) -> datetime | None:
    return None if value is None else EPOCH + value * MICROSECOND


def _day(value: date | None) -> date | None:
    if isinstance(value, datetime):
        raise TypeError("a Day has no clock: ask the time zone for the date first")
    return value


def _text_of_day(value: date | None) -> str | None:
    day = _day(value)
    return None if day is None else day.isoformat()


def _day_of_text(value: str | None) -> date | None:
    return None if value is None else date.fromisoformat(value)
