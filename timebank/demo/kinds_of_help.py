"""The kinds of help that the valley knows: their names, when they happen, how long they take, what people call them."""

from dataclasses import dataclass

from timebank.network.tables import Place

MON, TUE, WED, THU, FRI, SAT, SUN = range(7)
WEEKDAYS = (MON, TUE, WED, THU, FRI)
WEEKEND = (SAT, SUN)


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of help, and where it takes place, if always there.

    `titles` are what is written by those who log it, in English and in Welsh.
    """

    en: str
    cy: str
    days: tuple[int, ...] = (*WEEKDAYS, SAT)
    hours: tuple[int, ...] = (10, 11, 14, 15)
    quarters: tuple[int, ...] = (4, 4, 6, 8)
    place: Place | None = None
    titles_en: tuple[str, ...]
    titles_cy: tuple[str, ...]


KINDS: dict[str, Kind] = {
    "baking": Kind(
        en="Baking and cooking",
        cy="Pobi a choginio",
        days=(TUE, TUE, TUE, THU, SAT),
        quarters=(4, 6, 6, 8),
        titles_en=("A pot of soup and a chat", "Baking bread together", "Welsh cakes for the weekend"),
        titles_cy=("Pobi bara gyda'n gilydd", "Cawl a sgwrs", "Pice ar y maen at y penwythnos"),
    ),
    "garden": Kind(
        en="Gardening",
        cy="Garddio",
        days=(WED, THU, FRI, SAT, SAT),
        quarters=(4, 6, 8, 8, 12),
        titles_en=("Cutting the hedge", "Weeding and a tidy up", "Help with the garden"),
        titles_cy=("Torri'r gwrych", "Chwynnu a thacluso", "Help yn yr ardd"),
    ),
    "lift": Kind(
        en="Lifts by car",
        cy="Lifft mewn car",
        days=WEEKDAYS,
        hours=(9, 10, 11, 13),
        quarters=(3, 4, 4, 5, 6),
        titles_en=("A lift to the surgery", "A lift to the station", "A lift to the hospital and back"),
        titles_cy=("Lifft i'r feddygfa", "Lifft i'r orsaf", "Lifft i'r ysbyty ac yn ôl"),
    ),
    "shopping": Kind(
        en="Shopping and errands",
        cy="Siopa a negeseuon",
        days=(MON, WED, FRI),
        quarters=(3, 4, 4, 6),
        titles_en=("The weekly shop", "Collecting a prescription", "A parcel to the post office"),
        titles_cy=("Siopa'r wythnos", "Nôl presgripsiwn", "Mynd â pharsel i'r post"),
    ),
    "company": Kind(
        en="Company and befriending",
        cy="Cwmni a chyfeillio",
        place=Place.RECEIVERS_HOME,
        days=(MON, TUE, FRI, FRI, SUN),
        quarters=(4, 4, 6, 8),
        titles_en=("A visit and a cup of tea", "An afternoon of dominoes", "Reading the paper together"),
        titles_cy=("Ymweliad a phaned", "Prynhawn o ddominos", "Darllen y papur gyda'n gilydd"),
    ),
    "walk": Kind(
        en="Walks and dogs",
        cy="Cerdded a chŵn",
        days=(TUE, THU, SAT, SUN),
        hours=(9, 10, 16),
        quarters=(3, 4, 4, 6),
        titles_en=("Walking the dog", "A walk along the river"),
        titles_cy=("Mynd â'r ci am dro", "Tro ar hyd yr afon"),
    ),
    "computer": Kind(
        en="Phones and computers",
        cy="Ffonau a chyfrifiaduron",
        hours=(11, 14, 18),
        quarters=(4, 4, 6),
        titles_en=("Setting up a new phone", "Help with a laptop", "A video call with the grandchildren"),
        titles_cy=("Gosod ffôn newydd", "Help gyda gliniadur", "Galwad fideo gyda'r wyrion"),
    ),
    "repair": Kind(
        en="Small repairs",
        cy="Mân waith trwsio",
        quarters=(4, 4, 6, 8),
        titles_en=("A dripping tap", "Putting up a shelf", "A puncture mended"),
        titles_cy=("Tap sy'n diferu", "Gosod silff", "Trwsio olwyn beic"),
    ),
    "welsh": Kind(
        en="Welsh conversation",
        cy="Sgwrsio yn Gymraeg",
        days=(MON, WED, THU),
        hours=(11, 14, 19),
        quarters=(4, 4, 4, 6),
        titles_en=("Welsh over coffee", "Practising Welsh before the course"),
        titles_cy=("Sgwrs Gymraeg dros baned", "Ymarfer Cymraeg"),
    ),
    "english": Kind(
        en="English, letters and forms",
        cy="Saesneg, llythyrau a ffurflenni",
        days=(MON, TUE, THU),
        quarters=(4, 4, 6),
        titles_en=("Filling in a form", "English conversation", "Reading a letter from the council"),
        titles_cy=("Llenwi ffurflen", "Sgwrsio yn Saesneg"),
    ),
    "sewing": Kind(
        en="Sewing and knitting",
        cy="Gwnïo a gweu",
        quarters=(4, 6, 8),
        titles_en=("Taking up two pairs of trousers", "Learning to knit", "A zip and a few buttons"),
        titles_cy=("Byrhau dau bâr o drowsus", "Dysgu gweu", "Sip ac ambell fotwm"),
    ),
    "music": Kind(
        en="Music and singing",
        cy="Cerddoriaeth a chanu",
        days=(WED, THU, SUN),
        hours=(15, 18, 19),
        quarters=(4, 4, 6),
        titles_en=("A guitar lesson", "Piano for a sing-song"),
        titles_cy=("Gwers gitâr", "Canu'r piano i'r criw"),
    ),
    "children": Kind(
        en="Children and homework",
        cy="Plant a gwaith cartref",
        days=(*WEEKDAYS, SAT),
        hours=(15, 16, 17),
        quarters=(4, 6, 8),
        titles_en=("Maths homework", "Looking after the children for an afternoon", "The school run"),
        titles_cy=("Gwaith cartref mathemateg", "Gwarchod y plant am brynhawn", "Nôl y plant o'r ysgol"),
    ),
    "decorating": Kind(
        en="Painting and decorating",
        cy="Peintio ac addurno",
        days=(FRI, SAT, SAT),
        quarters=(8, 8, 10, 12),
        titles_en=("Painting the back bedroom", "Wallpapering the hall"),
        titles_cy=("Peintio'r ystafell gefn", "Papuro'r cyntedd"),
    ),
    "house": Kind(
        en="Around the house",
        cy="O gwmpas y tŷ",
        quarters=(4, 4, 6, 8),
        titles_en=("Windows cleaned", "Clearing the shed", "Curtains taken down and hung again"),
        titles_cy=("Glanhau ffenestri", "Clirio'r sied", "Tynnu llenni a'u hailosod"),
    ),
    "hair": Kind(
        en="Cutting hair",
        cy="Torri gwallt",
        days=(WED, FRI),
        quarters=(3, 4, 4),
        titles_en=("A haircut at home", "A trim"),
        titles_cy=("Torri gwallt gartref", "Tacluso gwallt"),
    ),
    "room": Kind(
        en="Rooms and equipment",
        cy="Ystafelloedd ac offer",
        days=(TUE, WED, THU),
        hours=(13, 18),
        quarters=(8, 8, 12),
        titles_en=("The hall for an afternoon", "A room for the knitting group"),
        titles_cy=("Y neuadd am brynhawn", "Ystafell i'r criw gweu"),
    ),
    "events": Kind(
        en="Helping at events",
        cy="Helpu mewn digwyddiadau",
        days=(WED, FRI, SAT),
        quarters=(8, 8, 10, 12),
        titles_en=("Serving at the community lunch", "Stewarding at the open day", "The jumble sale"),
        titles_cy=("Gweini yn y cinio cymunedol", "Stiwardio yn y diwrnod agored", "Y ffair sborion"),
    ),
    "say": Kind(
        en="Having a say: panels and surveys",
        cy="Lleisio barn: paneli ac arolygon",
        days=(TUE, WED),
        hours=(10, 14, 18),
        quarters=(6, 8, 8),
        titles_en=("The tenants' panel", "Testing the new repairs form", "Walking the estate with the architect"),
        titles_cy=("Panel y tenantiaid", "Profi'r ffurflen atgyweirio newydd"),
    ),
}
