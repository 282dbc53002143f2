"""The few whose whole story is written down, because the demo is looked at through them. It ends in `set_pieces.py`."""

from typing import NamedTuple

from timebank.demo.people import DAY_CENTRE, HOUSING

GRANULARITY_CHANGES_IN_WEEK = 16
"""Until then the timebank counts half hours, from then on quarters."""


class Chapter(NamedTuple):
    """Help that was given in a week, in quarters of an hour."""

    week: int
    giver: str
    receiver: str
    kind: str
    quarters: int


CAREERS: tuple[Chapter, ...] = (
    # Mair gives 23 hours and never asks
    Chapter(1, "Mair Prosser", "Eluned Thomas", "company", 8),
    Chapter(4, "Mair Prosser", "Doreen Sullivan", "company", 6),
    Chapter(5, "Mair Prosser", "Olwen Rees", "company", 8),
    Chapter(8, "Mair Prosser", "Elfed Maddocks", "company", 6),
    Chapter(10, "Mair Prosser", "Glenys Price", "baking", 8),
    Chapter(12, "Mair Prosser", "Tegwen Eynon", "company", 6),
    Chapter(15, "Mair Prosser", "Meurig Treharne", "company", 8),
    Chapter(18, "Mair Prosser", "Doreen Sullivan", "company", 8),
    Chapter(20, "Mair Prosser", "Olwen Rees", "welsh", 6),
    Chapter(23, "Mair Prosser", DAY_CENTRE, "baking", 8),
    Chapter(26, "Mair Prosser", "Jade Bevan", "baking", 6),
    Chapter(28, "Mair Prosser", "Huw Lloyd", "company", 8),
    # Huw receives 13 hours and has given none yet
    Chapter(2, "Dilwyn Pugh", "Huw Lloyd", "lift", 4),
    Chapter(6, "Julie Parfitt", "Huw Lloyd", "shopping", 4),
    Chapter(9, HOUSING, "Huw Lloyd", "lift", 6),
    Chapter(14, "Siôn Prydderch", "Huw Lloyd", "house", 6),
    Chapter(19, "Heulwen James", "Huw Lloyd", "company", 6),
    Chapter(24, "Mal Parfitt", "Huw Lloyd", "lift", 4),
    # Ceri has twins: much received, a little given
    Chapter(4, "Siân Davies", "Ceri Jenkins", "children", 8),
    Chapter(7, "Agnieszka Nowak", "Ceri Jenkins", "baking", 6),
    Chapter(11, "Julie Parfitt", "Ceri Jenkins", "house", 8),
    Chapter(15, "Carys Bowen", "Ceri Jenkins", "children", 8),
    Chapter(18, "Ana Ferreira", "Ceri Jenkins", "baking", 6),
    Chapter(20, "Ceri Jenkins", "Layla Haddad", "english", 6),
    Chapter(22, "Catrin Edmunds", "Ceri Jenkins", "children", 6),
    Chapter(27, "Karim Haddad", "Ceri Jenkins", "house", 6),
    Chapter(29, "Ceri Jenkins", "Mei Ling Chan", "english", 6),
    # Ben gives 14 hours to five people and receives 17½ from four
    Chapter(3, "Ben Evans", "Ana Ferreira", "computer", 8),
    Chapter(4, "Ana Ferreira", "Ben Evans", "baking", 6),
    Chapter(5, "Ben Evans", "Carys Bowen", "repair", 8),
    Chapter(7, "Gwen Parry", "Ben Evans", "garden", 8),
    Chapter(9, "Ben Evans", "Gwen Parry", "computer", 8),
    Chapter(10, "Dilwyn Pugh", "Ben Evans", "lift", 6),
    Chapter(11, "Ana Ferreira", "Ben Evans", "baking", 6),
    Chapter(12, "Ben Evans", "Ana Ferreira", "repair", 6),
    Chapter(14, "Ben Evans", "Llinos Roberts", "repair", 6),
    Chapter(16, "Gwen Parry", "Ben Evans", "garden", 8),
    Chapter(17, "Dilwyn Pugh", "Ben Evans", "lift", 6),
    Chapter(19, "Ana Ferreira", "Ben Evans", "baking", 8),
    Chapter(21, "Ben Evans", "Gwen Parry", "computer", 6),
    Chapter(23, "Dilwyn Pugh", "Ben Evans", "lift", 4),
    Chapter(24, "Ben Evans", "Ana Ferreira", "repair", 6),
    Chapter(25, "Gwen Parry", "Ben Evans", "garden", 8),
    Chapter(27, "Rafiq Miah", "Ben Evans", "lift", 6),
    Chapter(28, "Ben Evans", "Menna Vaughan", "computer", 8),
    Chapter(30, "Dilwyn Pugh", "Ben Evans", "lift", 4),
)
