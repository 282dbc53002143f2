"""What somebody has before them, as JSON."""

from marshmallow import fields as plain

from timebank.web.schemas import Schema


class ShownAppointment(Schema):
    """One entry of a calendar. `sequence` rises with every change; `certainty` is the STATUS of the standard."""

    uid = plain.String()
    sequence = plain.Integer()
    starts_at = plain.AwareDateTime()
    ends_at = plain.AwareDateTime()
    title = plain.String()
    place = plain.String()
    certainty = plain.String()
    path = plain.String()


class ShownCalendar(Schema):
    """Soonest first; what is over stays for a month."""

    items = plain.List(plain.Nested(ShownAppointment))
