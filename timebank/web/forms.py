"""A form as it is drawn, sent, and drawn again with what was typed and what was wrong. See `Form`."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

import marshmallow
from flask import abort, render_template, request
from sqlmodel import Session
from webargs.multidictproxy import MultiDictProxy
from werkzeug.datastructures import MultiDict

from timebank.errors import NotSaid, Refusal, RuleBroken
from timebank.members.finding import Found
from timebank.web import session as door
from timebank.web.errors import sentence, status_of
from timebank.web.people import name_of, people_in, who_is_meant
from timebank.web.schemas import Schema
from timebank.web.schemas.fields import Password, is_blank

TOP = "main"
"""Where a refusal stands that belongs to no field: the id of the page's main part, where the summary's link leads."""


class Texts(dict[str, Any]):
    """By field; a field that nobody said anything about has an empty text, so that templates need not ask."""

    def __missing__(self, field: str) -> str:
        return ""


class Form:
    """A form on a page:

        form = Form(OfferSchema)
        if (said := form.read()) is not None:
            with form.action() as session:
                posted = offer(session, by=me().standing, at=now(), submission=form.submission, **said)
            if form.is_done:
                return done(gettext("Your offer is posted."), url_for("listings.show", listing_id=posted.id))
        return form.page("listings/offer.html")

    The template draws it with `form.values.title`, `form.errors.title` and the hidden field `form.submission`, a number
    that stays the same however often the form is sent: actions take it to do once what a double click asks for twice.
    """

    def __init__(self, schema: type[Schema], values: Mapping[str, Any] | None = None) -> None:
        self.schema = schema()
        self.values = Texts(values or {})
        self.errors = Texts()
        self.submission = _submission()
        self.is_done = False
        self.people: dict[str, list[Found]] = {}
        """Who may be meant by a name that was typed, where that is not clear."""
        self.refusal: Refusal | None = None
        self.status = 200

    def read(self) -> dict[str, Any] | None:
        """What was sent, loaded by the schema; None if nothing was, or if it has `errors`."""
        if request.method != "POST":
            return None
        self.values.update(self._typed())
        sent, unclear = who_is_meant(self.schema, _with_choices(request.form, self.schema))
        self.people.update({name: each.people for name, each in unclear.items()})
        wrong: Any = {}
        try:
            said: dict[str, Any] = self.schema.load(self._sent(sent), unknown=marshmallow.EXCLUDE)
        except marshmallow.ValidationError as error:
            wrong = error.messages
        if wrong or unclear:
            self._wrong({**wrong, **{name: each.sentence for name, each in unclear.items()}})
            return None
        return said

    @contextmanager
    def action(self) -> Iterator[Session]:
        """One action and its commit. A refusal goes back onto the form; `is_done` tells."""
        try:
            with door.action() as session:
                yield session
            self.is_done = True
        except Refusal as refusal:
            self.refuse(refusal)

    def refuse(self, refusal: Refusal) -> None:
        """Put a refusal beside its field, or on top. One that is not about the form goes on."""
        is_here = refusal.field is not None and refusal.field in self.schema.fields
        if not (is_here or isinstance(refusal, RuleBroken)):
            raise refusal
        self.refusal = refusal
        self.errors[refusal.field if refusal.field and is_here else TOP] = sentence(refusal)
        self.status = status_of(refusal) if isinstance(refusal, NotSaid) else 409

    def says_any(self, names: Iterable[str]) -> bool:
        """Whether something is in one of these fields or wrong with it: then what is folded away is opened."""
        return any(self.values[name] or self.errors[name] for name in names)

    def page(self, template: str, **more: Any) -> tuple[str, int]:
        """The page with the form: 200 at first, 422 with errors or something unsaid, 409 with a refusal."""
        return render_template(template, form=self, errors=self.errors, **more), self.status

    def _sent(self, typed: MultiDict[str, str]) -> Mapping[str, Any]:
        return _by_name(typed, self.schema)

    def _wrong(self, messages: Any) -> None:
        self.errors.update({field: _first(why) for field, why in _in_order(messages, self.schema)})
        self.status = 422

    def _typed(self) -> dict[str, Any]:
        drawn = {name: field for name, field in self.schema.fields.items() if not isinstance(field, Password)}
        typed = {
            name: request.form.getlist(name)
            if isinstance(field, marshmallow.fields.List)
            else request.form.get(name, "")
            for name, field in drawn.items()
        }
        typed |= {quick_of(name): request.form.get(quick_of(name), "") for name in drawn}
        return typed | {name_of(name): request.form.get(name_of(name), "") for name in people_in(self.schema)}


def asked(schema: type[Schema]) -> dict[str, Any]:
    """What an address asks for after its question mark. Answers 400 to what no page of ours would ask."""
    return _as_drawn(schema, request.args)


def pressed(schema: type[Schema]) -> dict[str, Any]:
    """What a button sent with it, which nobody typed. Answers 400 to what no button of ours would send."""
    return _as_drawn(schema, request.form)


def _as_drawn(schema: type[Schema], sent: MultiDict[str, str]) -> dict[str, Any]:
    try:
        loaded: dict[str, Any] = schema().load(_by_name(sent, schema()), unknown=marshmallow.EXCLUDE)
    except marshmallow.ValidationError:
        abort(400)
    return loaded


def _by_name(typed: MultiDict[str, str], schema: Schema) -> MultiDictProxy:
    return MultiDictProxy(typed, schema)


def quick_of(name: str) -> str:
    """The choices beside a box, for those who would rather not type: "1 h", "yesterday"."""
    return f"{name}_quick"


def _with_choices(typed: MultiDict[str, str], schema: Schema) -> MultiDict[str, str]:
    """What was typed, and where nothing was, what was chosen beside it."""
    sent = typed.copy()
    for name in schema.fields:
        if is_blank(typed.get(name, "")) and (chosen := typed.get(quick_of(name))):
            sent.setlist(name, [chosen])
    return sent


def _submission() -> UUID:
    try:
        return UUID(request.form.get("submission", ""))
    except ValueError:
        return uuid4()


def _in_order(messages: Any, schema: Schema) -> list[tuple[str, Any]]:
    """Errors in the order of the schema's fields, which is that of the page."""
    fields = [*schema.fields]
    return sorted(messages.items(), key=lambda error: fields.index(error[0]) if error[0] in fields else len(fields))


def _first(why: Any) -> str:
    """The first sentence of a field's errors, also from within a list."""
    while not isinstance(why, str):
        why = next(iter(why.values() if isinstance(why, dict) else why))
    return why
