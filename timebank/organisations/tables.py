"""What is kept of an organisation beside its party."""

from uuid import UUID

from sqlmodel import Field, SQLModel

from timebank.columns import refers_to
from timebank.language import Language


class Organisation(SQLModel, table=True):
    """A member organisation."""

    __tablename__ = "organisation"

    id: UUID = refers_to("party.id", primary_key=True)
    about_en: str = Field(default="", max_length=1000)
    about_cy: str = Field(default="", max_length=1000)

    def about(self, language: str) -> str:
        """In this language, or in the other one if nothing was written in it."""
        first, second = (self.about_cy, self.about_en) if language == Language.WELSH else (self.about_en, self.about_cy)
        return first or second
