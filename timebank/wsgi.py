"""For production servers: `gunicorn timebank.wsgi:app`. Settings come from the environment."""

from timebank.app import create_app
from timebank.config import Settings

app = create_app(Settings.from_environment())
