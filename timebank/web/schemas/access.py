"""What is said when signing in, choosing a password and making a token."""

from timebank.web.schemas import Schema
from timebank.web.schemas.fields import Email, Password, Text


class SaidSignIn(Schema):
    email = Email(required=True)
    password = Password(required=True)


class SaidPassword(Schema):
    password = Password(required=True)


class SaidNewPassword(Schema):
    old_password = Password(required=True)
    password = Password(required=True)


class SaidToken(Schema):
    name = Text(required=True, most=80)
