"""Gathers every table of the house, for Alembic and for nobody else."""

from sqlmodel import SQLModel

import ledger.tables as ledger
from timebank.access import tables as access
from timebank.afterwords import tables as afterwords
from timebank.concerns import tables as concerns
from timebank.donations import tables as donations
from timebank.exchanges import tables as exchanges
from timebank.group_sessions import tables as group_sessions
from timebank.listings import tables as listings
from timebank.members import tables as members
from timebank.messages import tables as messages
from timebank.network import tables as network
from timebank.notices import tables as notices
from timebank.organisations import tables as organisations
from timebank.sheets import tables as sheets

ROOMS = (
    ledger,
    network,
    members,
    access,
    notices,
    organisations,
    listings,
    exchanges,
    messages,
    concerns,
    afterwords,
    group_sessions,
    donations,
    sheets,
)

metadata = SQLModel.metadata
