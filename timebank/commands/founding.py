"""Founding a timebank, and letting people in."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlmodel import Session

from timebank import clock
from timebank.access import actions as access
from timebank.access.rules import INVITATION_LASTS
from timebank.commands.databases import up_to_date
from timebank.commands.plain_words import Stopped
from timebank.config import Settings
from timebank.database import unit_of_work
from timebank.members import actions as members
from timebank.members.actions import welcome
from timebank.members.queries import memberships_of, person_with_email
from timebank.members.tables import Role
from timebank.network.actions import found
from timebank.network.queries import timebank_called
from timebank.network.rules import PolicyTerms

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_SLUG = 60


def create_timebank(*, slug: str, name_en: str, name_cy: str, broker_name: str, broker_email: str) -> None:
    if not SLUG.fullmatch(slug) or len(slug) > LONGEST_SLUG:
        raise click.BadParameter("small letters, digits and single dashes, 60 at most: cwm-aur", param_hint="--slug")
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", broker_email):
        raise click.BadParameter("an e-mail address, please", param_hint="--broker-email")
    settings = Settings.from_environment()
    at = clock.now()
    with _deciding(settings) as session:
        if timebank_called(session, slug) is not None:
            raise Stopped(f"There is a timebank called {slug} here already.")
        founded = found(session, slug=slug, name_en=name_en, name_cy=name_cy, at=at, terms=PolicyTerms())
        roles = (Role.MEMBER, Role.BROKER)
        broker = welcome(
            session, broker=None, timebank_id=founded.id, name=broker_name, email=broker_email, roles=roles, at=at
        )
        secret = access.invite(session, broker.id, by=None, at=at)
    click.echo(f"{name_en} is founded.")
    _say_link(settings, secret, name=broker_name)


def invite(email: str, *, slug: str) -> None:
    settings = Settings.from_environment()
    at = clock.now()
    with _deciding(settings) as session:
        timebank = timebank_called(session, slug)
        if timebank is None:
            raise Stopped(f"There is no timebank called {slug} here.")
        person = person_with_email(session, email)
        held = memberships_of(session, person.id) if person else ()
        member = next((party for party in held if party.timebank_id == timebank.id), None)
        if member is None:
            raise Stopped(f"Nobody in {slug} has the address {email}. A time broker welcomes new members.")
        name = member.name
        secret = access.invite(session, member.id, by=None, at=at)
    _say_link(settings, secret, name=name)


def make_operator(email: str) -> None:
    settings = Settings.from_environment()
    with _deciding(settings) as session:
        person = person_with_email(session, email)
        if person is None:
            raise Stopped(f"Nobody here has the address {email}.")
        members.make_operator(session, person.id)
    click.echo(f"{email} is an operator of this installation.")


@contextmanager
def _deciding(settings: Settings) -> Iterator[Session]:
    with up_to_date(settings.database_url) as engine, Session(engine) as session, unit_of_work(session):
        yield session


def _say_link(settings: Settings, secret: str, *, name: str) -> None:
    click.echo(f"{name} chooses a password here, within {INVITATION_LASTS.days} days:")
    click.echo(f"{settings.base_url or 'http://127.0.0.1:8000'}/invitation/{secret}")
