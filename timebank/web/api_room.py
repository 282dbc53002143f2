"""What every room of the API is: a blueprint that reads JSON, and refuses what only looks like it."""

from typing import Any

from flask import Request, abort
from flask_smorest import Blueprint
from webargs.flaskparser import FlaskParser


class _Reader(FlaskParser):
    def load_json(self, req: Request, schema: Any) -> Any:
        """Nested a hundred thousand deep, or a number of a thousand digits: Python reads neither, and neither do we."""
        try:
            return super().load_json(req, schema)
        except (ValueError, RecursionError):
            abort(400)


class Room(Blueprint):  # type: ignore[misc]  # flask_smorest has no types
    ARGUMENTS_PARSER = _Reader()
