"""Who reads a concern: brokers without a part in it."""

from timebank.errors import NotFound, RuleBroken
from timebank.language import N_


class NoSuchConcern(NotFound):
    sentence = N_("There is no such concern, or it is not for you to read.")


class NotAboutThem(RuleBroken):
    sentence = N_("Choose the other person of this exchange.")
    field = "about_id"


class NobodyToConfideIn(RuleBroken):
    sentence = N_("Every time broker here has a part in this, and nobody else would read it. Please ring the timebank.")
    field = "words"


class ClosedAlready(RuleBroken):
    sentence = N_("Another broker has closed this already.")
