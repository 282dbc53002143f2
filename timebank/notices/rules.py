"""What cannot be noted of a notice."""

from timebank.errors import RuleBroken
from timebank.language import N_


class ToldAlready(RuleBroken):
    sentence = N_("They have been told of this already: somebody was quicker.")


class WaitsAlready(RuleBroken):
    sentence = N_("This waits to be told already.")
