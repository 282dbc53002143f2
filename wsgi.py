"""For production servers in a checkout: `gunicorn wsgi:app`. Of an installed wheel: `gunicorn timebank.wsgi:app`."""

from timebank.wsgi import app

__all__ = ["app"]
