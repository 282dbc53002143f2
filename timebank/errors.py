"""Refusals: what a person may not do, said so that they understand it.

Refusal
├── NotFound     it does not exist, or not for you        (404)
├── NotAllowed   it exists, and is not yours to do        (403)
├── NotSaid      something has to be said with it         (422)
└── RuleBroken   you may, but not this, or not now        (409)

One subclass per reason, kept beside its rule. `sentence` is fit for a member and marked with `N_` for translation;
its placeholders are the keyword arguments. `field` names the form field beside which it is shown.
"""

from typing import ClassVar

from timebank.language import N_


class Refusal(Exception):
    sentence: ClassVar[str] = N_("That cannot be done.")
    field: str | None = None

    def __init__(self, *, field: str | None = None, **values: object) -> None:
        super().__init__(self.sentence % values if values else self.sentence)
        self.values = values
        if field is not None:
            self.field = field


class NotFound(Refusal):
    sentence = N_("There is nothing here by that name.")


class NotAllowed(Refusal):
    sentence = N_("That is not yours to do.")


class NotSaid(Refusal):
    sentence = N_("Something has to be said with that.")


class RuleBroken(Refusal):
    sentence = N_("That cannot be done now.")
