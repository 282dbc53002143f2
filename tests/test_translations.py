"""English stands in the code; all that it says, the Welsh catalogue says too, with the same placeholders."""

import re
import tomllib
from functools import cache
from gettext import c2py
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po

HERE = Path(__file__).parent.parent
WELSH = HERE / "timebank/web/translations/cy/LC_MESSAGES/messages.po"
FORM_OF = {0: 0, 1: 1, 2: 2, 3: 3, 6: 4, 4: 5, 5: 5, 7: 5, 10: 5, 11: 5, 21: 5, 100: 5}  # CLDR's six for Welsh
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}")
TAG = re.compile(r"</?[a-z]+[^>]*>")


@cache
def said() -> dict[str, tuple[str, ...]]:
    """Every sentence of the program, with its forms: one, or singular and plural. In the way of `make translations`."""
    mappings = tomllib.loads((HERE / "pyproject.toml").read_text())["tool"]["babel"]["mappings"]
    methods = [(mapping["pattern"], mapping["method"]) for mapping in mappings]
    options = {mapping["pattern"]: {key: f"{value}" for key, value in mapping.items()} for mapping in mappings}
    found = extract_from_dir(HERE, methods, options, keywords=DEFAULT_KEYWORDS | {"N_": None}, directory_filter=is_ours)
    forms = [(sentence,) if isinstance(sentence, str) else tuple(sentence) for _, _, sentence, _, _ in found]
    return {sentence[0]: sentence for sentence in sorted(forms, key=len)}


def is_ours(folder: str) -> bool:
    return not Path(folder).name.startswith((".", "_")) and Path(folder).name not in {
        "build",
        "dist",
        "static",
        "tests",
    }


@cache
def welsh() -> Catalog:
    with WELSH.open("rb") as source:
        return read_po(source, locale="cy")


def translation(sentence: str) -> tuple[str, ...]:
    message = welsh().get(sentence)
    if not isinstance(message, Message):
        return ()
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


def placeholders(text: str) -> set[str]:
    return {named or numbered for named, numbered in PLACEHOLDER.findall(text)}


def test_the_program_says_something() -> None:
    assert len(said()) > 50


def test_everything_is_said_in_welsh() -> None:
    assert [sentence for sentence in said() if not all(translation(sentence) or ("",))] == []


def test_nothing_is_kept_in_welsh_that_is_no_longer_said() -> None:
    assert [message.id for message in welsh() if message.id and first(message) not in said()] == []


def first(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def test_no_translation_is_a_guess() -> None:
    assert [message.id for message in welsh() if message.id and message.fuzzy] == []


def test_welsh_counts_in_six_forms() -> None:
    form_of = c2py(welsh().plural_expr)
    assert {number: form_of(number) for number in FORM_OF} == FORM_OF
    assert [forms[0] for forms in said().values() if len(forms) > 1 and len(translation(forms[0])) != 6] == []


def test_a_translation_has_the_placeholders_of_its_sentence() -> None:
    wrong = []
    for sentence, forms in said().items():
        wanted = placeholders(forms[-1])
        for form in translation(sentence):
            # a counted form may spell its number out: "dwy awr"
            left_out = wanted - placeholders(form) - ({"num", "number", "count"} if len(forms) > 1 else set())
            if left_out or placeholders(form) - wanted:
                wrong.append((sentence, form))
    assert wrong == []


def test_a_translation_has_the_markup_of_its_sentence() -> None:
    wrong = [
        (sentence, form)
        for sentence, forms in said().items()
        for form in translation(sentence)
        if sorted(TAG.findall(form)) != sorted(TAG.findall(forms[-1]))
    ]
    assert wrong == []
