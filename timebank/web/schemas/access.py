"""What is said when signing in, choosing a password and making a token."""

from timebank.web.schemas import Schema
from timebank.web.schemas.fields import Email, Password, Text


class SignIn(Schema):
    email = Email(required=True)
    password = Password(required=True)


class NewPassword(Schema):
    password = Password(required=True)


class ChangedPassword(Schema):
    old_password = Password(required=True)
    password = Password(required=True)


class NewToken(Schema):
    name = Text(required=True, most=80)
