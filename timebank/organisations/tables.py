"""What is kept of an organisation beside its party."""

from uuid import UUID

from sqlmodel import Field, SQLModel

from timebank.columns import refers_to


class Organisation(SQLModel, table=True):
    """A member organisation."""

    __tablename__ = "organisation"

    id: UUID = refers_to("party.id", primary_key=True)
    about_en: str = Field(default="", max_length=1000)
    about_cy: str = Field(default="", max_length=1000)
