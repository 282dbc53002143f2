"""The people of the valley, all invented: where they live, what they give and would welcome, how to reach them.

Addresses end in example.org, which nobody can own; telephone numbers are of those that Ofcom keeps for stories.
"""

from dataclasses import dataclass

from timebank.folding import folded
from timebank.language import Language

CY, EN = Language.WELSH, Language.ENGLISH
GLAN, PENRHIW, FELIN, TREWEN, BRYN, PENTRE = (
    "Glan-yr-afon",
    "Penrhiw",
    "Heol y Felin",
    "Tre-wen",
    "Y Bryn",
    "Pentre Uchaf",
)


@dataclass(frozen=True)
class Villager:
    """Somebody of the valley. `gives` and `needs` name kinds of help, `giving` and `asking` how often (0: never)."""

    name: str
    language: Language
    area: str
    gives: str
    needs: str
    giving: int = 3
    asking: int = 3
    joined: int = 0
    """The week of the timebank's life in which they joined, 0 being its first."""
    has_email: bool = True


PHONE = False  # who has no e-mail address: the broker rings

PEOPLE: tuple[Villager, ...] = (
    Villager("Bea Morgan", EN, GLAN, "events english", "garden", 1, 1),
    Villager("Ana Ferreira", EN, GLAN, "baking sewing", "english lift computer", 5, 4),
    Villager("Ben Evans", EN, GLAN, "repair computer", "garden lift baking", 0, 0),
    Villager("Gwen Parry", CY, PENRHIW, "garden walk welsh", "computer decorating", 5, 4),
    Villager("Mair Prosser", CY, TREWEN, "company baking welsh", "computer walk", 0, 0),
    Villager("Huw Lloyd", EN, FELIN, "music", "shopping lift house company", 0, 0),
    Villager("Ceri Jenkins", EN, PENRHIW, "english", "children house baking", 0, 0, 2),
    Villager("Olwen Rees", CY, TREWEN, "welsh sewing", "company shopping", 1, 3, 0, PHONE),
    Villager("Dilwyn Pugh", CY, PENRHIW, "lift shopping", "sewing baking hair", 5, 3),
    Villager("Carys Bowen", EN, GLAN, "computer children", "repair walk", 4, 4),
    Villager("Rhodri Llewellyn", CY, BRYN, "repair house", "music computer", 4, 3),
    Villager("Siân Davies", CY, FELIN, "children welsh", "decorating garden", 4, 4),
    Villager("Tomos Griffiths", CY, PENTRE, "computer music", "baking sewing", 4, 3, 1),
    Villager("Nerys Howells", CY, TREWEN, "sewing company", "lift garden", 4, 3, 0, PHONE),
    Villager("Gareth Jenkins", EN, PENRHIW, "decorating repair say", "children baking", 3, 4, 2),
    Villager("Agnieszka Nowak", EN, GLAN, "baking hair", "english children", 5, 4, 3),
    Villager("Piotr Nowak", EN, GLAN, "repair decorating", "english lift", 4, 3, 3),
    Villager("Layla Haddad", EN, FELIN, "baking sewing", "english welsh", 4, 4, 4),
    Villager("Karim Haddad", EN, FELIN, "garden house", "english computer lift", 3, 4, 4),
    Villager("Shahida Begum", EN, GLAN, "baking children", "english computer", 4, 4, 1),
    Villager("Rafiq Miah", EN, GLAN, "lift english", "garden repair", 4, 3, 6),
    Villager("Eluned Thomas", CY, TREWEN, "company baking", "garden shopping lift", 2, 4, 0, PHONE),
    Villager("Ffion Wyn", CY, PENRHIW, "hair children", "decorating lift", 4, 4),
    Villager("Iwan ap Dafydd", CY, BRYN, "garden welsh", "computer hair", 4, 3),
    Villager("Llinos Roberts", CY, PENTRE, "music welsh", "repair lift", 4, 3, 5),
    Villager("Gwilym Preece", EN, PENTRE, "lift repair", "", 3, 0),
    Villager("Betsan Harries", CY, FELIN, "walk company", "computer baking", 4, 3),
    Villager("Llŷr Hopkin", CY, BRYN, "computer walk", "music decorating", 3, 3, 8),
    Villager("Siôn Prydderch", CY, PENTRE, "house decorating", "computer children", 3, 3, 7),
    Villager("Marged Elis", CY, TREWEN, "sewing welsh", "shopping company", 2, 4, 0, PHONE),
    Villager("Non Beynon", CY, PENRHIW, "english events say", "walk hair", 3, 3, 2),
    Villager("Heulwen James", EN, FELIN, "company events say", "lift house", 3, 3, 0, PHONE),
    Villager("Glenys Price", EN, TREWEN, "baking sewing", "garden house", 3, 3, 0, PHONE),
    Villager("Ivor Price", EN, TREWEN, "garden repair", "lift company", 3, 3, 0, PHONE),
    Villager("Doreen Sullivan", EN, GLAN, "company say", "shopping house lift", 1, 4, 3, PHONE),
    Villager("Pat O'Leary", EN, BRYN, "lift events", "computer garden", 4, 3, 1),
    Villager("Terry Walters", EN, FELIN, "walk repair say", "baking company", 3, 3, 5),
    Villager("Julie Parfitt", EN, PENRHIW, "shopping house say", "hair children", 4, 4),
    Villager("Mal Parfitt", EN, PENRHIW, "lift garden", "computer", 4, 2),
    Villager("Steph Rowlands", EN, PENTRE, "hair walk say", "repair children", 3, 4, 9),
    Villager("Jade Bevan", EN, FELIN, "walk children", "lift english", 3, 4, 11),
    Villager("Kofi Mensah", EN, GLAN, "music english", "lift baking", 4, 3, 8),
    Villager("Grace Adeyemi", EN, GLAN, "baking company say", "lift children", 4, 4, 10),
    Villager("Mei Ling Chan", EN, PENRHIW, "computer sewing", "english welsh", 3, 4, 12),
    Villager("Ruth Abrahams", EN, BRYN, "english company", "walk house", 4, 2, 2),
    Villager("Elfed Maddocks", CY, TREWEN, "music company", "lift house shopping", 1, 4, 1, PHONE),
    Villager("Menna Vaughan", CY, BRYN, "walk baking", "repair computer", 3, 3, 6),
    Villager("Catrin Edmunds", CY, FELIN, "children english", "garden baking", 3, 4, 14),
    Villager("Owain Beddoe", CY, PENTRE, "garden house", "hair sewing", 4, 3, 13),
    Villager("Lowri Rosser", CY, PENRHIW, "welsh children", "lift repair", 3, 3, 16),
    Villager("Keith Tanner", EN, FELIN, "repair say", "company hair", 2, 3, 9, PHONE),
    Villager("Sandra Pitman", EN, GLAN, "shopping company say", "decorating repair", 3, 3, 15),
    Villager("Wyn Harding", EN, BRYN, "lift walk", "", 2, 0, 17),
    Villager("Tegwen Eynon", CY, PENTRE, "company sewing", "garden shopping", 1, 4, 4, PHONE),
    Villager("Hanna Lewis", CY, PENRHIW, "computer hair", "music walk", 3, 3, 20),
    Villager("Meurig Treharne", CY, TREWEN, "", "shopping house company", 0, 2, 7, PHONE),
    Villager("Brenda Coles", EN, FELIN, "", "lift house garden", 0, 3, 12, PHONE),
    Villager("Alun Cadwaladr", CY, BRYN, "decorating lift", "baking computer", 3, 3, 22),
    Villager("Yusuf Demir", EN, GLAN, "hair repair", "english welsh", 3, 3, 26),
    Villager("Sioned Ellis", CY, PENTRE, "children garden", "lift computer", 2, 2, 31),
)

ABOUT: dict[str, str] = {
    "Bea Morgan": "I am one of the two time brokers. Ring me about anything at all, big or small.",
    "Ana Ferreira": "From Madeira, in the valley for twelve years. I bake every Tuesday and there is always too much.",
    "Ben Evans": "Retired fitter. If it has a plug or a hinge I will have a go. I do not drive any more.",
    "Gwen Parry": "Yn yr ardd ym mhob tywydd. Mae croeso i bawb ddod i weld y rhandir.",
    "Mair Prosser": "Cyn-athrawes. Rwy'n hoffi ymweld â phobl a chael sgwrs yn Gymraeg dros baned.",
    "Huw Lloyd": "I played the harp for fifty years. My knees are not what they were, but my ears are fine.",
    "Ceri Jenkins": "Twins in February! Happy to read and write letters for people once they are asleep.",
    "Olwen Rees": "Rwy'n naw deg oed eleni ac yn dal i wnïo. Ffoniwch fi, does gen i ddim cyfrifiadur.",
    "Dilwyn Pugh": "Gyrrwr bws wedi ymddeol. Mae gen i gar, ac amser ar fore Llun.",
    "Carys Bowen": "I work from home and can get away in the afternoon. Two cats, one bicycle.",
    "Rhodri Llewellyn": "Saer coed. Rwy'n dysgu canu'r gitâr yn araf iawn.",
    "Siân Davies": "Athrawes gynradd, ac yn hapus i siarad Cymraeg â dysgwyr o bob lefel.",
    "Tomos Griffiths": "Myfyriwr. Ffonau, cyfrifiaduron a'r piano. Dydw i ddim yn gallu berwi wy.",
    "Agnieszka Nowak": "Hairdresser. I came from Łódź in 2009 and I make very good pierogi.",
    "Piotr Nowak": "Painter and decorator by trade. My English is better for work than for forms.",
    "Layla Haddad": "From Aleppo. I like to cook for many people, and I am learning English and Welsh together.",
    "Karim Haddad": "I had an orchard at home. Any garden makes me happy.",
    "Shahida Begum": "Mother of four, cook for forty. I would like to write e-mails without asking my son.",
    "Rafiq Miah": "Taxi driver for twenty years; I know every road from here to the hospital.",
    "Eluned Thomas": "Mae fy nrws i ar agor i bawb ar brynhawn Gwener. Dewch am gacen.",
    "Iwan ap Dafydd": "Tad i dri. Mae gen i beiriant torri gwair da a digon o offer i'w rannu.",
    "Llinos Roberts": "Athrawes delyn a ffidil. Newydd symud i Bentre Uchaf ac yn awyddus i gwrdd â phobl.",
    "Gwilym Preece": "I like to be useful. I do not need much myself, thank you.",
    "Betsan Harries": "Dau gi, tri ŵyr, a chariad at y mynydd. Dewch am dro gyda fi.",
    "Llŷr Hopkin": "Rwy'n gweithio gyda'r nos, felly mae'r bore yn rhydd. Da gyda chyfrifiaduron a chŵn.",
    "Heulwen James": "I ran the chapel teas for thirty years. I know everybody, and their mothers.",
    "Ivor Price": "Forty years in the allotments. Glenys says I should get out of the house more.",
    "Pat O'Leary": "Cork by birth, valley by marriage. I have a big car and a loud voice.",
    "Kofi Mensah": "Nurse on nights at the hospital. I play the keyboard in church and anywhere else.",
    "Grace Adeyemi": "I love feeding people. New in the valley, and the buses are still a mystery.",
    "Mei Ling Chan": "I repair phones for a living and old clothes for fun.",
    "Ruth Abrahams": "Retired solicitor's clerk. No form frightens me.",
    "Elfed Maddocks": "Côr meibion ers 1961. Mae'n well gen i siarad ar y ffôn.",
    "Owain Beddoe": "Garddwr. Rwy'n gallu codi pethau trwm, ond dydw i ddim yn gallu gwnïo botwm.",
    "Meurig Treharne": "Newydd ddod adref o'r ysbyty, ac yn cryfhau bob wythnos.",
    "Yusuf Demir": "Barber. I came last winter, and the valley has been kind to me.",
}

BROKER, OTHER_BROKER, AUDITOR = "Bea Morgan", "Bryn Watkins", "Awen Probert"


@dataclass(frozen=True)
class Body:
    """An organisation of the valley, and the person who acts for it."""

    name: str
    delegate: str
    gives: str
    needs: str
    giving: int
    asking: int
    about_en: str
    about_cy: str


HOUSING, SCHOOL, DAY_CENTRE = "Tai'r Cwm Housing", "Ysgol Gynradd Penrhiw", "Canolfan Ddydd Y Bont"

ORGANISATIONS: tuple[Body, ...] = (
    Body(
        HOUSING,
        "Dewi Hughes",
        "lift room",
        "say events",
        7,
        9,
        "A housing association with 900 homes. We lend our minibus and rooms, and ask tenants what they think.",
        "Cymdeithas dai gyda 900 o gartrefi. Rydyn ni'n benthyg bws mini ac ystafelloedd, ac yn gofyn barn tenantiaid.",
    ),
    Body(
        SCHOOL,
        "Nia Pritchard",
        "room computer",
        "events garden welsh",
        3,
        4,
        "A bilingual primary school. The hall is free after four; the reading corner would love some visitors.",
        "Ysgol gynradd ddwyieithog. Mae'r neuadd ar gael ar ôl pedwar. Croeso i ymwelwyr ddarllen gyda'r plant.",
    ),
    Body(
        DAY_CENTRE,
        "Martin Oakley",
        "room events",
        "music baking events",
        3,
        5,
        "Lunch, company and a little exercise on weekdays. We are always looking for music.",
        "Cinio, cwmni ac ychydig o ymarfer corff yn ystod yr wythnos. Rydyn ni'n chwilio am gerddoriaeth o hyd.",
    ),
)

FRIENDS: tuple[tuple[str, str], ...] = (
    ("Gwen Parry", "Carys Bowen"),
    ("Ana Ferreira", "Shahida Begum"),
    ("Agnieszka Nowak", "Ruth Abrahams"),
    ("Layla Haddad", "Siân Davies"),
    ("Dilwyn Pugh", "Nerys Howells"),
    ("Tomos Griffiths", "Betsan Harries"),
    ("Rhodri Llewellyn", "Llinos Roberts"),
    ("Julie Parfitt", "Ffion Wyn"),
    ("Pat O'Leary", "Iwan ap Dafydd"),
    ("Glenys Price", "Owain Beddoe"),
    ("Kofi Mensah", "Rafiq Miah"),
    ("Ivor Price", "Terry Walters"),
)
"""Who return each other's help. Most help in the valley comes back from somebody else."""

CY_POWELL, OTHER_VALLEYS_BROKER = "Cy Powell", "Bethan Gough"
OTHER_VALLEY: tuple[Villager, ...] = (
    Villager(OTHER_VALLEYS_BROKER, EN, "Y Dref", "english computer", "garden"),
    Villager(CY_POWELL, EN, "Y Dref", "lift repair", "baking computer"),
    Villager("Idris Meredith", CY, "Llan", "garden", "lift computer"),
    Villager("Sue Hallam", EN, "Llan", "baking", "repair garden"),
    Villager("Glyn Weale", CY, "Y Dref", "walk company", "baking lift"),
    Villager("Mary Baskerville", EN, "Llan", "sewing company", "shopping", has_email=False),
)


PAUSED, PAUSED_IN_WEEK = "Steph Rowlands", 29

EVERYBODY: tuple[str, ...] = (
    *(villager.name for villager in PEOPLE),
    *(body.delegate for body in ORGANISATIONS),
    OTHER_BROKER,
    AUDITOR,
    *(villager.name for villager in OTHER_VALLEY),
)


def email_of(name: str) -> str:
    """Nobody shares a first name here: ben@, sian@example.org."""
    return f"{folded(name.split(maxsplit=1)[0])}@example.org"


def phone_of(name: str) -> str:
    """A telephone number from those that Ofcom keeps for drama: 01632 960000 to 960999."""
    return f"01632 960{101 + EVERYBODY.index(name)}"
