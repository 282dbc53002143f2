"""Amounts of time, as people say them and as they are written."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as some

from timebank.hours import DAY, NotEnough, NotHours, TooMuch, parse, written
from timebank.language import Language

MINUTE = 60
HALF, QUARTER, HOUR = 30 * MINUTE, 15 * MINUTE, 60 * MINUTE


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("2", 2 * HOUR),
        ("2 hours", 2 * HOUR),
        ("1.5", HOUR + HALF),
        ("1,5", HOUR + HALF),
        (".5", HALF),
        ("1:30", HOUR + HALF),
        ("0:45", 3 * QUARTER),
        ("1h30", HOUR + HALF),
        ("1 h 30", HOUR + HALF),
        ("1 h 05", HOUR + 5 * MINUTE),
        ("90 min", HOUR + HALF),
        ("90mins", HOUR + HALF),
        ("2 hrs 15 mins", 2 * HOUR + QUARTER),
        ("2 hours and 15 minutes", 2 * HOUR + QUARTER),
        ("1 hour, 5 minutes.", HOUR + 5 * MINUTE),
        ("an hour", HOUR),
        ("half an hour", HALF),
        ("a quarter of an hour", QUARTER),
        ("three quarters of an hour", 3 * QUARTER),
        ("an hour and a half", HOUR + HALF),
        ("One and a half hours", HOUR + HALF),
        ("2 and a quarter", 2 * HOUR + QUARTER),
        ("1½", HOUR + HALF),
        ("2 ¾ hours", 2 * HOUR + 3 * QUARTER),
        ("½ hour", HALF),
        ("half", HALF),
        ("awr", HOUR),
        ("awr a hanner", HOUR + HALF),
        ("hanner awr", HALF),
        ("dwy awr", 2 * HOUR),
        ("dwy awr a hanner", 2 * HOUR + HALF),
        ("tair awr", 3 * HOUR),
        ("chwarter awr", QUARTER),
        ("awr a chwarter", HOUR + QUARTER),
        ("tri chwarter awr", 3 * QUARTER),
        ("awr a thri chwarter", HOUR + 3 * QUARTER),
        ("90 munud", HOUR + HALF),
        ("ugain munud", 20 * MINUTE),
        ("1.5 awr", HOUR + HALF),
        ("2 awr 15 munud", 2 * HOUR + QUARTER),
        ("2 awr a 15 munud", 2 * HOUR + QUARTER),
        ("  2\u00a0 HOURS ", 2 * HOUR),
        ("٢", 2 * HOUR),
        ("１:３０", HOUR + HALF),
        ("0.01", 36),
        ("24", DAY),
        ("24:00", DAY),
    ],
)
def test_hours_are_understood_as_people_say_them(said: str, seconds: int) -> None:
    assert parse(said) == seconds


@pytest.mark.parametrize("said", ["0", "0.0", "0:00", "0 min", "-1", "−2 h", "-1:30"])
def test_nothing_and_less_are_too_little(said: str) -> None:
    with pytest.raises(NotEnough):
        parse(said)


@pytest.mark.parametrize("said", ["24:01", "25:00", "25", "1000000000", "1441 min", "9" * 60])
def test_more_than_a_day_is_too_much(said: str) -> None:
    with pytest.raises(TooMuch):
        parse(said)


@pytest.mark.parametrize(
    "said",
    [
        "", " ", "abc", "h", "min", "1e9", "1:75", "1:5", "1:30:00", "1.3333",
        "three halves", "3 half hours", "nan", "inf",
        "1_000", "1/2", "1 2", "2²", "²", "Ⅻ", "\0", "1\x00", "--1", "1.5.5", "0x10", "£2", "2 hours ago",
    ],
)  # fmt: skip
def test_what_is_no_amount_of_time_is_refused(said: str) -> None:
    with pytest.raises(NotHours) as refused:
        parse(said)
    assert type(refused.value) is NotHours


def test_a_novel_is_refused() -> None:
    for text in ["1" * 1_000_000, "1 " * 500_000, "an hour and " * 100_000, "1:" * 29]:
        with pytest.raises(NotHours):
            parse(text)


def test_bounds_can_be_others_where_policy_wants_them() -> None:
    assert parse("0", least=0) == 0
    assert parse("100 hours", most=1000 * HOUR) == 100 * HOUR
    with pytest.raises(TooMuch):
        parse("3", most=2 * HOUR)


@pytest.mark.parametrize(
    ("seconds", "english", "welsh"),
    [
        (0, "0 h", "0 awr"),
        (45 * MINUTE, "45 min", "45 munud"),
        (HOUR, "1 h", "1 awr"),
        (2 * HOUR, "2 h", "2 awr"),
        (HOUR + 5 * MINUTE, "1 h 05", "1 awr 5 munud"),
        (HOUR + HALF, "1 h 30", "1 awr 30 munud"),
        (1234 * HOUR, "1234 h", "1234 awr"),
        (36, "36 s", "36 eiliad"),
        (HOUR + 36, "1 h 36 s", "1 awr 36 eiliad"),
        (-HOUR - HALF, "−1 h 30", "−1 awr 30 munud"),
    ],
)
def test_hours_are_written_in_both_languages(seconds: int, english: str, welsh: str) -> None:
    assert written(seconds) == english
    assert written(seconds, Language.WELSH) == welsh


@given(some.integers(1, 24 * 60), some.sampled_from(Language))
def test_whatever_is_written_can_be_read_again(minutes: int, language: Language) -> None:
    assert parse(written(minutes * MINUTE, language)) == minutes * MINUTE


@given(some.text(max_size=80))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        seconds = parse(text)
    except NotHours:
        return
    assert 0 < seconds <= DAY


@given(some.decimals(min_value="0.01", max_value="24", places=2))
def test_decimal_hours_are_exact(hours: object) -> None:
    assert parse(str(hours)) == Fraction(str(hours)) * HOUR


@pytest.mark.parametrize(
    ("said", "minutes"),
    [
        ("1 1/2", 90), ("2 1/4 hours", 135), ("3/4 hour", 45), ("1/2 awr", 30), ("1/2 of an hour", 30),
        ("about 2 hours", 120), ("tua awr", 60), ("rhyw awr a hanner", 90), ("teirawr", 180),
        ("a couple of hours", 120), ("cwpl o oriau", 120), ("  an  hour and a half ", 90),
    ],
)  # fmt: skip
def test_people_say_it_in_ever_so_many_ways(said: str, minutes: int) -> None:
    assert parse(said) == minutes * 60
