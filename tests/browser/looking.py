"""Looking at a page for faults: axe, narrow screens, the dark scheme, the keyboard, and how pages link on."""

import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize

from tests.browser.visitor import Visitor

STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
EVERYTHING = {"runOnly": {"type": "tag", "values": STANDARDS}, "resultTypes": ["violations"]}
COLOURS = {
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
    "resultTypes": ["violations"],
}
TARGETS = {"runOnly": {"type": "rule", "values": ["target-size"]}, "resultTypes": ["violations"]}

WIDE = ViewportSize(width=1100, height=900)
NARROW = ViewportSize(width=320, height=700)
BETWEEN = ViewportSize(width=780, height=900)
"""Just wide enough for tables to stand as tables."""
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
ALL_ALIKE = 1
OF_MANY_STATES = 3
"""How many pages of one kind are looked at: an exchange looks different in each of its states."""

_axe = Axe()


def faults(page: Page) -> list[str]:
    """What is wrong with the page as it stands, in light and dark, wide and narrow; each fault in one line."""
    found = faults_at_first_sight(page)
    page.emulate_media(color_scheme="dark")
    found += _axe_faults(page, "dark", COLOURS)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(NARROW)
    found += _axe_faults(page, "narrow", TARGETS)
    page.set_viewport_size(WIDE)
    return found


def faults_at_first_sight(page: Page) -> list[str]:
    """In light and wide, and whether it fits narrower screens."""
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
    found = [*_axe_faults(page, "wide, light", EVERYTHING)]
    for size in (BETWEEN, NARROW):
        page.set_viewport_size(size)
        found += _too_wide(page)
    page.set_viewport_size(WIDE)
    return found


def _axe_faults(page: Page, seen: str, options: dict[str, Any]) -> Iterator[str]:
    for violation in _axe.run(page, options=options).response["violations"]:
        for node in violation["nodes"]:
            yield f"{violation['id']} ({seen}): {' '.join(map(str, node['target']))}: {node['html'][:160]}"


def _too_wide(page: Page) -> list[str]:
    """Whether one has to scroll sideways, and because of what."""
    wide: list[str] = page.evaluate("""() => {
        const room = document.documentElement.clientWidth;
        if (document.documentElement.scrollWidth <= room) return [];
        return [...document.querySelectorAll('body *')]
            .filter(each => each.getBoundingClientRect().right > room + 1)
            .slice(0, 5).map(each => each.outerHTML.slice(0, 120));
    }""")
    assert page.viewport_size is not None
    return [f"wider than {page.viewport_size['width']} pixels: {element}" for element in wide]


# --- The keyboard ---------------------------------------------------------------------------------------------

_MARK = """() => {
    const looks = element => [element, element.nextElementSibling, element.closest('label, li, .door')].filter(Boolean)
        .flatMap(each => [null, '::before', '::after'].map(part => getComputedStyle(each, part)))
        .map(style => [style.outlineStyle, style.outlineWidth, style.outlineColor, style.boxShadow,
                       style.backgroundColor, style.borderTopColor, style.borderTopWidth].join(' ')).join('|');
    const all = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')]
        .filter(each => !each.disabled && each.tabIndex >= 0 && each.checkVisibility({ visibilityProperty: true }));
    const isOfAGroup = each => each.type === 'radio' &&
        all.find(other => other.name === each.name && other.checked && other !== each ||
                 !all.some(third => third.name === each.name && third.checked) &&
                 other.name === each.name && all.indexOf(other) < all.indexOf(each));
    window.lookOf = looks;
    window.toReach = all.filter(each => !isOfAGroup(each));
    window.before = window.toReach.map(looks);
    return window.toReach.length;
}"""
_WHERE = """() => {
    const index = window.toReach.indexOf(document.activeElement);
    return [index, index >= 0 && window.lookOf(document.activeElement) !== window.before[index]];
}"""


def unreachable(page: Page) -> list[str]:
    """What the tabulator does not reach, in the order of the page, or where one would not see it."""
    count: int = page.evaluate(_MARK)
    reached: list[int] = []
    unseen: list[int] = []
    for _ in range(count + 5):
        page.keyboard.press("Tab")
        index, shows = page.evaluate(_WHERE)
        if index < 0 or index in reached:
            continue
        reached.append(index)
        if not shows:
            unseen.append(index)
        if len(reached) == count:
            break
    missed = [index for index in range(count) if index not in reached]
    out_of_order = [] if reached == sorted(reached) else [f"out of order: {reached}"]
    return (
        out_of_order
        + [f"not reached: {_html(page, index)}" for index in missed]
        + [f"focus does not show: {_html(page, index)}" for index in unseen]
    )


def _html(page: Page, index: int) -> str:
    html: str = page.evaluate("index => window.toReach[index].outerHTML.slice(0, 160)", index)
    return html


# --- Following links ------------------------------------------------------------------------------------------


def kind_of(address: str) -> str:
    """Pages of one kind differ only in what they are about: /listings/*?after."""
    parts = urlsplit(address)
    return UUID.sub("*", parts.path) + "?" + "&".join(sorted(parse_qs(parts.query)))


def crawl(visitor: Visitor, starts: Iterable[str], *, at_most: int) -> Iterator[str]:
    """Every kind of page that links lead to, nearest first. The visitor stands on each as it is yielded."""
    ahead, known, seen = deque(starts), set(starts), Counter[str]()
    while ahead and seen.total() < at_most:
        address = ahead.popleft()
        kind = kind_of(address)
        if seen[kind] >= (OF_MANY_STATES if kind == "/exchanges/*?" else ALL_ALIKE):
            continue
        seen[kind] += 1
        visitor.go(address)
        links = visitor.page.evaluate(
            "[...document.querySelectorAll('a[href]:not([download])')].map(link => link.href)"
        )
        yield address
        for link in links:
            path = link.removeprefix(visitor.address).partition("#")[0]
            if link.startswith(visitor.address) and path not in known and not path.startswith("/static"):
                known.add(path)
                ahead.append(path)
