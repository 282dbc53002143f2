"""Statements that are compiled once and run on the driver's own cursor. Private to the ledger.

To run a statement through SQLAlchemy takes longer than most of ours take in the database. A plan keeps what SQLAlchemy
makes of one, the text and the conversions of its values, and hands both to the driver. It says no more and no less to
the database than the statement would, fails with the same errors, and is heard by whoever listens before statements.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Dialect, Insert, Select, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeEngine

Row = dict[str, Any]
Convert = Callable[[Any], Any]

FEW = 8
"""Up to so many rows PostgreSQL is given as rows; more as one array for each column, which is one statement for all."""


@dataclass(frozen=True, slots=True)
class _Text:
    """A statement as a driver takes it: its words, which values go where, and what becomes of the columns."""

    words: str
    values: tuple[tuple[str, int | None, Convert | None], ...]
    constants: Mapping[str, Any]
    names: tuple[str, ...]
    columns: tuple[tuple[int, Convert], ...]
    has_no_list: bool

    def given(self, asked: Mapping[str, Any]) -> list[Any]:
        """The values in the order of the words; a list that is too short says its last value again."""
        if self.constants:
            asked = {**self.constants, **asked}
        if self.has_no_list:
            return [asked[name] if convert is None else convert(asked[name]) for name, _, convert in self.values]
        found = []
        for name, place, convert in self.values:
            value = asked[name] if place is None else _at(asked[name], place)
            found.append(value if convert is None else convert(value))
        return found

    def converted(self, row: Sequence[Any]) -> list[Any]:
        found = list(row)
        for place, convert in self.columns:
            found[place] = convert(found[place])
        return found


def _filled_up(length: int) -> int:
    return 1 << (length - 1).bit_length() if length > 1 else 1


def _at(values: Sequence[Any], place: int) -> Any:
    return values[place] if place < len(values) else values[-1]


class Plan:
    """A question. Lists among its values are filled up to a power of two, so that few texts are ever made."""

    def __init__(self, statement: Select[*tuple[Any, ...]], *, lists: Sequence[str] = ()) -> None:
        self._statement = statement
        self._lists = lists
        self._texts: dict[tuple[str, int], _Text] = {}

    def rows(self, connection: Connection, asked: Mapping[str, Any]) -> list[list[Any]]:
        text = self._text(connection, asked)
        return [text.converted(row) for row in fetched(connection, text.words, text.given(asked))]

    def mappings(self, connection: Connection, asked: Mapping[str, Any]) -> list[Row]:
        names = self._text(connection, asked).names
        return [dict(zip(names, row, strict=True)) for row in self.rows(connection, asked)]

    def first(self, connection: Connection, asked: Mapping[str, Any]) -> Sequence[Any] | None:
        """The first row, for questions that have one at most: those are asked most often."""
        text = self._text(connection, asked)
        row: Sequence[Any] | None = run(connection, text.words, text.given(asked)).fetchone()
        return text.converted(row) if row and text.columns else row

    def _text(self, connection: Connection, asked: Mapping[str, Any]) -> _Text:
        length = 0 if not self._lists else _filled_up(max([len(asked[name]) for name in self._lists]))
        shape = connection.dialect.name, length
        text = self._texts.get(shape)
        if text is None:
            lists = dict.fromkeys(self._lists, length)
            text = self._texts[shape] = compiled(self._statement, connection.dialect, lists)
        return text


class Additions:
    """Rows of one table, added in one statement however many they are."""

    def __init__(self, statement: Insert) -> None:
        self._statement = statement
        self._columns = {column.name: column.type for column in statement.table.columns}
        self._texts: dict[tuple[str, object], _Text] = {}

    def write(self, connection: Connection, rows: Sequence[Row]) -> None:
        if not rows:
            return
        if connection.dialect.name == "sqlite":
            text = self._text(connection, None, lambda: self._statement)
            run_many(connection, text.words, [text.given(row) for row in rows])
        elif len(rows) <= FEW:
            text = self._text(connection, len(rows), lambda: self._in_rows(len(rows)))
            asked = {f"{name}_m{place}": row[name] for place, row in enumerate(rows) for name in self._columns}
            run(connection, text.words, text.given(asked))
        else:
            once = frozenset(name for name in self._columns if _is_one([row[name] for row in rows]))
            text = self._text(connection, once, lambda: self._in_arrays(once))
            asked = {name: rows[0][name] if name in once else [row[name] for row in rows] for name in self._columns}
            run(connection, text.words, text.given(asked))

    def _text(self, connection: Connection, shape: object, statement: Callable[[], Insert]) -> _Text:
        text = self._texts.get((connection.dialect.name, shape))
        if text is None:
            text = compiled(statement(), connection.dialect, {})
            if isinstance(shape, frozenset):  # as bytes: to write arrays out as text takes as long as to add their rows
                text = replace(text, words=text.words.replace("%s", "%b"))
            self._texts[connection.dialect.name, shape] = text
        return text

    def _in_rows(self, length: int) -> Insert:
        return self._statement.values(
            [
                {name: bindparam(f"{name}_m{place}", type_=kind) for name, kind in self._columns.items()}
                for place in range(length)
            ]
        )

    def _in_arrays(self, once: frozenset[str]) -> Insert:
        """One array for each column, and one value for each of those that are the same in every row."""
        many = [name for name in self._columns if name not in once]
        arrays = [bindparam(name, type_=ARRAY(self._columns[name])) for name in many]
        rows = func.unnest(*arrays).table_valued(*many).render_derived()
        said = [bindparam(name, type_=kind) if name in once else rows.c[name] for name, kind in self._columns.items()]
        return self._statement.from_select([*self._columns], select(*said).select_from(rows))


def _is_one(values: Sequence[Any]) -> bool:
    """Whether this is the same value again and again."""
    first = values[0]
    return all(value is first for value in values)


def compiled(statement: Select[*tuple[Any, ...]] | Insert, dialect: Dialect, lists: Mapping[str, int]) -> _Text:
    """The text of a statement in which these lists have so many values."""
    if dialect.name == "postgresql":
        dialect = type(dialect)(paramstyle="format")  # type: ignore[call-arg]  # values in order, as SQLite has them
    made = statement.compile(dialect=dialect)
    expanded = made.construct_expanded_state(
        {**dict.fromkeys(made.binds), **{name: range(length) for name, length in lists.items()}}
    )
    place_of = {
        bound: (name, place) for name in lists for place, bound in enumerate(expanded.parameter_expansion[name])
    }
    values = (place_of.get(bound, (bound, None)) for bound in expanded.positiontup or ())
    selected = statement.exported_columns
    columns = ((place, out_of(column.type, dialect)) for place, column in enumerate(selected))
    return _Text(
        words=expanded.statement,
        values=tuple((name, place, into(made.binds[name].type, dialect)) for name, place in values),
        constants={name: bind.value for name, bind in made.binds.items() if bind.value is not None},
        names=tuple(column.name for column in selected),
        columns=tuple((place, convert) for place, convert in columns if convert is not None),
        has_no_list=not lists,
    )


def into(type_: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    return type_.dialect_impl(dialect).bind_processor(dialect)


def out_of(type_: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    return type_.dialect_impl(dialect).result_processor(dialect, None)


def run(connection: Connection, words: str, values: Sequence[Any] = ()) -> Any:
    """Say one statement to the driver; the cursor from which its answer can be read."""
    driver: Any = connection.connection.driver_connection
    try:
        if not connection.dispatch.before_cursor_execute:
            return driver.execute(words, values)
        cursor = driver.cursor()
        connection.dispatch.before_cursor_execute(connection, cursor, words, values, None, False)
        return cursor.execute(words, values)
    except connection.dialect.loaded_dbapi.Error as error:
        raise as_told(connection, words, values, error) from error


def fetched(connection: Connection, words: str, values: Sequence[Any]) -> Sequence[Sequence[Any]]:
    """All that a question leads to."""
    cursor = run(connection, words, values)
    try:
        found: Sequence[Sequence[Any]] = cursor.fetchall()
    except connection.dialect.loaded_dbapi.Error as error:
        raise as_told(connection, words, values, error) from error
    return found


def run_many(connection: Connection, words: str, rows: Sequence[Sequence[Any]]) -> None:
    """Say one statement for each of these rows."""
    cursor = connection.connection.driver_connection.cursor()  # type: ignore[union-attr]  # it is open
    try:
        if connection.dispatch.before_cursor_execute:
            connection.dispatch.before_cursor_execute(connection, cursor, words, rows, None, True)
        cursor.executemany(words, rows)
    except connection.dialect.loaded_dbapi.Error as error:
        raise as_told(connection, words, rows, error) from error


def as_told(connection: Connection, words: str, values: Any, error: Exception) -> Exception:
    """The driver's error as SQLAlchemy would have told it; a connection that is lost is not used again."""
    dialect, driver = connection.dialect, connection.connection.driver_connection
    is_lost = dialect.is_disconnect(error, driver, None)  # type: ignore[arg-type]  # both take what the driver has
    if is_lost:
        connection.invalidate(error)
    return DBAPIError.instance(
        words, values, error, dialect.loaded_dbapi.Error, connection_invalidated=is_lost, dialect=dialect
    )
