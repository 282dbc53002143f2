"""A statement, as the page shows it."""

from typing import Any

from timebank.web.api_room import Room
from timebank.web.schemas.statement import AskedStatement, ShownStatement
from timebank.web.statements import statement_of

api = Room(
    "api_statement", "statement", url_prefix="/api/v1/statement", description="What an account gave and received"
)


@api.get("")
@api.arguments(AskedStatement, location="query")
@api.response(200, ShownStatement)
def show(asked: dict[str, Any]) -> dict[str, Any]:
    """One's own, one's organisation's, or for a broker and an auditor anybody's."""
    found = statement_of(asked["of"], before=asked["before"])
    return {
        "party_id": found.whose.id,
        "name": found.whose.name,
        "balance_seconds": found.balance.posted,
        "promised_seconds": found.balance.out,
        "older": found.older,
        "lines": [
            {
                "entry_id": row.line.entry,
                "number": row.line.number,
                "purpose": row.line.purpose,
                "effective_on": row.line.effective_on,
                "recorded_at": row.line.recorded_at,
                "seconds": row.line.seconds,
                "balance_seconds": row.line.balance.posted,
                "exchange_id": row.exchange.id if row.exchange else None,
                "title": row.exchange.title if row.exchange else None,
                "other": row.other,
                "is_reversal": row.is_reversal,
            }
            for row in found.rows
        ],
    }
