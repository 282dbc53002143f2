"""As whom one can sign in to the demo. Its password is public: the demo belongs on no server that others reach."""

from dataclasses import dataclass

from timebank.config import DEMO_PASSWORD
from timebank.demo.people import (
    AUDITOR,
    BROKER,
    CY_POWELL,
    ORGANISATIONS,
    OTHER_BROKER,
    OTHER_VALLEYS_BROKER,
    email_of,
)
from timebank.language import Language

DEMO_SLUG = "cwm"


@dataclass(frozen=True)
class SignInAs:
    """Somebody to sign in as, and who they are, in a sentence."""

    name: str
    role_en: str
    role_cy: str

    @property
    def email(self) -> str:
        return email_of(self.name)

    def role(self, language: str) -> str:
        return self.role_cy if language == Language.WELSH else self.role_en


@dataclass(frozen=True)
class DemoAccess:
    """Everybody to sign in as, and the one password of them all."""

    people: tuple[SignInAs, ...]
    password: str = DEMO_PASSWORD


DEMO_ACCESS = DemoAccess(
    (
        SignInAs("Ben Evans", "A member; some things wait for him.", "Aelod; mae ambell beth yn aros amdano."),
        SignInAs("Ana Ferreira", "A member who bakes.", "Aelod sy'n pobi."),
        SignInAs("Gwen Parry", "A member who writes Welsh.", "Aelod sy'n ysgrifennu Cymraeg."),
        SignInAs(BROKER, "A time broker; her Today is full.", "Brocer amser; mae ei Heddiw yn llawn."),
        SignInAs(OTHER_BROKER, "The second time broker.", "Yr ail frocer amser."),
        SignInAs(ORGANISATIONS[0].delegate, "Acts for a housing association.", "Yn gweithredu dros gymdeithas dai."),
        SignInAs(AUDITOR, "Audits the ledger.", "Yn archwilio'r cyfriflyfr."),
        SignInAs(CY_POWELL, "A member of another timebank.", "Aelod o fanc amser arall."),
        SignInAs(OTHER_VALLEYS_BROKER, "That timebank's broker.", "Brocer y banc amser hwnnw."),
    )
)
