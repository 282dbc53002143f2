"""What the valley offers and asks for, each in the words of whoever lists it."""

from dataclasses import dataclass

from timebank.demo.people import CY, DAY_CENTRE, EN, HOUSING, PEOPLE, SCHOOL
from timebank.language import Language
from timebank.listings.rules import times_from

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_PARTS = ("am", "pm", "eve")


@dataclass(frozen=True)
class Text:
    """An offer or a request. `free` names parts of the week: "Mon am, Fri eve"; nothing means any."""

    who: str
    kind: str
    title: str
    details: str = ""
    free: str = ""
    week: int = 0
    """A request's week in the timebank's life; `week_of` says an offer's."""

    @property
    def times(self) -> int:
        said = [part.split() for part in self.free.split(", ") if part]
        return times_from(_DAYS.index(day) * len(_PARTS) + _PARTS.index(part) for day, part in said)


OFFERS: tuple[Text, ...] = (
    Text(
        "Ana Ferreira",
        "baking",
        "Bread baking on Tuesdays",
        "Come and knead with me, or take a loaf home.",
        "Tue am, Tue pm",
    ),
    Text(
        "Ana Ferreira", "sewing", "Hems, zips and buttons", "Bring it round; I have a good machine.", "Wed pm, Thu pm"
    ),
    Text(
        "Ben Evans", "repair", "Plugs, hinges, toasters, bicycles", "If it can be mended I will try.", "Mon pm, Wed pm"
    ),
    Text(
        "Gwen Parry",
        "garden",
        "Help yn yr ardd",
        "Chwynnu, tocio, plannu. Mae fy offer fy hun gen i.",
        "Thu pm, Fri am, Sat am",
    ),
    Text("Gwen Parry", "welsh", "Sgwrs Gymraeg wrth gerdded", "I ddysgwyr o bob lefel, ar hyd yr afon.", "Sat am"),
    Text(
        "Mair Prosser",
        "company",
        "Ymweliad a sgwrs dros baned",
        "Yn Gymraeg neu'n Saesneg. Rwy'n hoff o wrando.",
        "Fri am, Fri pm",
    ),
    Text(
        "Mair Prosser", "baking", "Bara brith a theisennau", "I rywun sydd wedi bod yn sâl, neu i de parti.", "Wed am"
    ),
    Text("Huw Lloyd", "music", "Harp for a quiet afternoon", "I still play a little, sitting down.", "Wed pm, Sun pm"),
    Text(
        "Ceri Jenkins",
        "english",
        "Letters and forms by phone",
        "In the evening, once the twins are asleep.",
        "Mon eve, Thu eve",
    ),
    Text(
        "Olwen Rees",
        "welsh",
        "Sgwrs Gymraeg ar y ffôn",
        "I ddysgwyr sydd eisiau ymarfer. Ffoniwch unrhyw fore.",
        "Mon am, Tue am, Wed am",
    ),
    Text(
        "Dilwyn Pugh",
        "lift",
        "Lifft i'r clinig neu'r feddygfa",
        "Lift to the clinic or surgery, home again too.",
        "Mon am, Wed am, Thu am",
    ),
    Text("Dilwyn Pugh", "shopping", "Nôl siopa trwm", "Tatws, bwyd ci, compost: pethau sy'n anodd eu cario.", "Mon am"),
    Text(
        "Carys Bowen",
        "computer",
        "Phones, passwords and video calls",
        "I am patient and I write things down.",
        "Tue pm, Thu pm",
    ),
    Text("Carys Bowen", "children", "Maths homework, up to GCSE", "At your kitchen table or mine.", "Mon eve, Wed eve"),
    Text(
        "Rhodri Llewellyn",
        "repair",
        "Drysau, silffoedd a chypyrddau",
        "Saer coed ydw i, felly pren sydd orau.",
        "Sat am, Sat pm",
    ),
    Text(
        "Siân Davies",
        "welsh",
        "Welsh for parents",
        "So that you can read to your children at bedtime. Croeso i bawb!",
        "Mon eve, Thu eve",
    ),
    Text("Tomos Griffiths", "computer", "Help gyda ffôn neu gyfrifiadur", "Rwy'n dod atoch chi.", "Sat pm, Sun pm"),
    Text("Nerys Howells", "sewing", "Dysgu gweu", "Mae gen i ddigon o weill a gwlân i bawb.", "Tue pm"),
    Text(
        "Gareth Jenkins",
        "decorating",
        "A room painted in a day",
        "Two of us are quicker: help me and learn how.",
        "Sat am, Sat pm",
    ),
    Text("Agnieszka Nowak", "hair", "Haircuts at home", "For people who cannot get out easily.", "Wed am, Fri am"),
    Text("Agnieszka Nowak", "baking", "Pierogi for beginners", "We make a hundred and share them.", "Sat pm"),
    Text(
        "Piotr Nowak",
        "decorating",
        "Painting and papering",
        "I bring brushes, you choose the colour.",
        "Fri pm, Sat am",
    ),
    Text(
        "Layla Haddad",
        "baking",
        "Cooking Syrian food together",
        "For a family party, or just for the pleasure.",
        "Thu am, Thu pm",
    ),
    Text(
        "Karim Haddad", "garden", "Pruning fruit trees, digging, planting", "Early is best.", "Mon am, Fri am, Sat am"
    ),
    Text(
        "Shahida Begum", "baking", "A big pot of dal for a gathering", "I will show you how, or bring it hot.", "Fri pm"
    ),
    Text("Rafiq Miah", "lift", "Lift to hospital appointments", "I wait and bring you home.", "Tue am, Tue pm, Thu am"),
    Text("Eluned Thomas", "company", "Cacen a chwmni brynhawn Gwener", "Dewch â'ch gweu.", "Fri pm"),
    Text("Ffion Wyn", "hair", "Torri gwallt plant", "Gyda stori, heb ddagrau.", "Wed pm, Sat am"),
    Text("Iwan ap Dafydd", "garden", "Torri gwair a gwrychoedd", "Mae gen i'r peiriannau.", "Sat am, Sat pm"),
    Text("Llinos Roberts", "music", "Gwersi ffidil i ddechreuwyr", "Mae ffidil fach ar gael i'w benthyg.", "Thu eve"),
    Text("Gwilym Preece", "lift", "Lift to chapel or the club", "Room for a folded wheelchair.", "Sun am, Wed eve"),
    Text(
        "Betsan Harries",
        "walk",
        "Mynd â'ch ci am dro",
        "Mae dau gi gen i'n barod, felly dydy un arall yn ddim trafferth.",
        "Mon am, Tue am, Thu am",
    ),
    Text(
        "Llŷr Hopkin",
        "computer",
        "Trwsio gliniaduron araf",
        "Yn y bore, gan fy mod i'n gweithio gyda'r nos.",
        "Tue am, Wed am",
    ),
    Text("Marged Elis", "sewing", "Trwsio a byrhau dillad", "Ffoniwch yn gyntaf, os gwelwch yn dda."),
    Text(
        "Non Beynon",
        "english",
        "Help with benefit forms",
        "I used to work at the advice centre. Yn Gymraeg hefyd.",
        "Tue pm",
    ),
    Text("Heulwen James", "company", "A visit and the news of the valley", "", "Mon pm, Fri pm"),
    Text("Ivor Price", "garden", "Allotment advice and spare seedlings", "", "Wed am, Sat am"),
    Text(
        "Pat O'Leary", "lift", "Lift to the station, any early hour", "Seven seats.", "Mon am, Tue am, Wed am, Fri am"
    ),
    Text(
        "Julie Parfitt",
        "shopping",
        "The big supermarket on Fridays",
        "Give me a list, or come along.",
        "Fri am",
    ),
    Text("Kofi Mensah", "music", "Keyboard for your do", "Hymns, Motown, happy birthday.", "Sat eve, Sun pm"),
    Text("Grace Adeyemi", "baking", "Jollof and company", "I cook, we eat, we talk.", "Sun pm"),
    Text("Mei Ling Chan", "computer", "Cracked screens and slow phones", "", "Wed eve"),
    Text(
        "Ruth Abrahams",
        "english",
        "Official letters explained",
        "Council, court, hospital: bring them all.",
        "Mon am, Wed am",
    ),
    Text("Menna Vaughan", "walk", "Tro araf ar hyd yr afon", "I rai sydd eisiau cwmni ac awyr iach.", "Tue am, Sun am"),
    Text("Owain Beddoe", "garden", "Codi, cario a phalu", "Y gwaith trwm yn yr ardd.", "Fri am, Sat am"),
    Text(
        "Lowri Rosser",
        "welsh",
        "Siarad Cymraeg â'r plant",
        "Amser chwarae yn Gymraeg, i blant dan saith oed.",
        "Wed pm",
    ),
    Text("Yusuf Demir", "hair", "Barber: hair and beards", "At home or in your kitchen.", "Mon pm, Wed pm"),
    Text("Hanna Lewis", "computer", "Ffonau, tabledi a theledu clyfar", "", "Sat pm"),
    Text("Alun Cadwaladr", "decorating", "Peintio nenfydau", "Rwy'n dal, felly does dim angen ysgol.", "Sat am"),
    Text("Sioned Ellis", "children", "Gwarchod plant ar benwythnosau", "Rwy' newydd ymuno.", "Fri eve, Sat am"),
    Text(
        HOUSING,
        "lift",
        "Minibus with a driver",
        "Takes a wheelchair; to the clinic, the pool or an outing.",
        "Wed am, Wed pm",
    ),
    Text(HOUSING, "room", "Community room at Y Bryn", "Kitchen, piano, twenty chairs.", "Tue eve, Thu pm"),
    Text(
        SCHOOL,
        "room",
        "Neuadd yr ysgol / School hall",
        "Ar ôl pedwar o'r gloch. After four o'clock.",
        "Tue eve, Thu eve",
    ),
    Text(DAY_CENTRE, "room", "Our kitchen, on Saturdays", "For cooking together.", "Sat am, Sat pm"),
)

REQUESTS: tuple[Text, ...] = (
    Text(
        "Nerys Howells",
        "lift",
        "Lifft i'r ysbyty",
        "Apwyntiad llygaid, a dydw i ddim yn cael gyrru wedyn.",
        "Tue am",
        1,
    ),
    Text("Shahida Begum", "english", "Practising for the citizenship test", "An hour a week for a month.", "Tue pm", 2),
    Text("Carys Bowen", "repair", "A door that sticks", "", "Sat am", 3),
    Text("Marged Elis", "shopping", "Nôl presgripsiwn bob mis", "", "Fri am", 4),
    Text(
        HOUSING,
        "say",
        "Tenants to test our repairs form",
        "Two hours with tea. Tell us what is wrong with it.",
        "Tue pm",
        5,
    ),
    Text("Karim Haddad", "english", "A letter from the council", "I think it is about the bins.", "", 6),
    Text("Julie Parfitt", "children", "Someone to collect the boys on Thursday", "", "Thu pm", 7),
    Text("Siân Davies", "decorating", "Peintio ystafell wely", "Mae'r paent gyda fi'n barod.", "Sat am", 8),
    Text(
        SCHOOL,
        "garden",
        "A pond for the school garden",
        "Digging! The children will help, or think they do.",
        "Sat am",
        9,
    ),
    Text("Doreen Sullivan", "house", "My curtains down and up again", "", "", 10),
    Text("Gwen Parry", "computer", "Lluniau o'r hen ffôn i'r ffôn newydd", "", "Thu pm", 11),
    Text("Llinos Roberts", "repair", "Tap sy'n diferu", "", "", 12),
    Text("Grace Adeyemi", "lift", "A lift to the big market", "With three bags on the way home.", "Sat am", 13),
    Text(DAY_CENTRE, "music", "Music after lunch", "Anything people can sing along to.", "Wed pm", 14),
    Text("Rafiq Miah", "garden", "Our hedge has won", "", "Sat am", 15),
    Text("Iwan ap Dafydd", "computer", "Gwefan fach i'r clwb rygbi", "", "Wed eve", 16),
    Text(
        "Meurig Treharne",
        "shopping",
        "Siopa tra 'mod i'n gwella",
        "Dim ond ychydig o bethau bob wythnos.",
        "Mon am",
        17,
    ),
    Text(HOUSING, "events", "Summer open day: stewards and tea", "We give everybody lunch.", "Sat am, Sat pm", 18),
    Text("Ffion Wyn", "decorating", "Papuro'r cyntedd", "", "", 19),
    Text("Agnieszka Nowak", "english", "Reading a tenancy agreement", "", "Mon am", 20),
    Text("Tegwen Eynon", "garden", "Torri'r gwair", "Mae'n hir iawn erbyn hyn.", "Sat am", 21),
    Text(
        "Terry Walters", "baking", "How do I make a Sunday dinner?", "Since Sheila died I live on toast.", "Sun am", 22
    ),
    Text("Steph Rowlands", "repair", "Bike brakes", "", "", 23),
    Text("Heulwen James", "lift", "Lift to my sister's, forty minutes", "She cannot come to me.", "Wed am", 24),
    Text(SCHOOL, "welsh", "Darllen gyda'r plant yn Gymraeg", "Hanner awr gyda phob dosbarth.", "Wed am", 25),
    Text("Mei Ling Chan", "welsh", "My first words of Welsh", "Enough for the playground.", "", 26),
    Text("Elfed Maddocks", "house", "Newid bylbiau a batris", "Dydw i ddim yn cael dringo ysgol.", "", 27),
    Text(HOUSING, "say", "Walk the estate with our architect", "Where should the benches go?", "Wed am", 28),
    Text("Brenda Coles", "lift", "Lift to the hearing clinic", "", "Tue am", 29),
    Text("Lowri Rosser", "repair", "Silff yn y gegin", "", "Sat pm", 30),
)


def week_of(offer: Text) -> int:
    """The week in which something is offered: not everybody does so when they join, some of the offers are new."""
    joined = next((villager.joined for villager in PEOPLE if villager.name == offer.who), 0)
    return min(joined + OFFERS.index(offer) * 5 % 24, 32)


Notes = dict[Language, tuple[str, ...]]

NOTES_ON_ASKING: Notes = {
    EN: ("Would this week suit you?", "No hurry at all.", "", "", "", "I will put the kettle on."),
    CY: ("Fyddai'r wythnos yma'n gyfleus?", "Does dim brys o gwbl.", "", "", "", "Bydd y tegell yn berwi."),
}
NOTES_ON_THANKING: Notes = {
    EN: ("Thank you!", "", "", "", "That made my week.", "Could not have done it alone."),
    CY: ("Diolch yn fawr!", "", "", "", "Diolch o galon.", "Roedd hi'n braf cael cwmni."),
}
NOTES_ON_DECLINING: Notes = {
    EN: ("Sorry, I am away that week.", "Not this time, but do ask again."),
    CY: ("Mae'n ddrwg gen i, rwy' i ffwrdd yr wythnos honno.", "Dim y tro yma, ond gofynnwch eto."),
}
NOTES_ON_CANCELLING: Notes = {
    EN: ("I have a cold and would rather not pass it on.", "The car is at the garage."),
    CY: ("Mae annwyd arna i, a dydw i ddim am ei roi i chi.", "Mae'r car yn y garej."),
}
NOTES_ON_A_MISS: Notes = {
    EN: ("We mixed up the days.", "One of us was ill. Another time."),
    CY: ("Cymysgu'r dyddiau wnaethon ni.", "Roedd un ohonon ni'n sâl. Rywbryd eto."),
}
