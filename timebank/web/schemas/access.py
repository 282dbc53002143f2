"""What is said when signing in, choosing a password and making a token."""

from timebank.language import N_
from timebank.web.schemas import Schema
from timebank.web.schemas.fields import Email, Password, Text

NONE_CHOSEN = N_("Choose a password.")


class SaidSignIn(Schema):
    email = Email(required=True)
    password = Password(required=True)


class SaidPassword(Schema):
    password = Password(required=True, unsaid=NONE_CHOSEN)


class SaidNewPassword(Schema):
    old_password = Password(required=True, unsaid=N_("Type in the password that you have now."))
    password = Password(required=True, unsaid=NONE_CHOSEN)


class SaidToken(Schema):
    name = Text(most=80, required=True, unsaid=N_("Say what it is for."))
