"""The house rules that a reader would otherwise have to remember. Who may import whom stands in pyproject.toml."""

import ast
import re
import subprocess
from collections.abc import Iterator
from dataclasses import fields
from functools import cache
from hashlib import sha256
from pathlib import Path

import pytest

from timebank.config import PREFIX, Settings

HERE = Path(__file__).parent.parent
OURS = ("ledger", "timebank")
LONGEST_FILE = 420  # "about 400"
LONGEST_FUNCTION = 42  # "about 40"
EMPTY_WORDS = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers", "handler", "handlers"}
EMPTY_CLASSES = ("Manager", "Handler", "Helper", "Helpers", "Utils", "Mixin")
EMPTY_VERBS = ("handle_", "process_", "manage_", "do_")
NAMED_ELSEWHERE = {"handle_error"}  # by marshmallow
NOT_READ = ("migrations/versions/", "timebank/web/static/vendor/")  # written once, by machines or for them
MAY_ASK_THE_CLOCK = ("timebank/web/", "timebank/commands/", "timebank/cli.py", "timebank/work.py", "timebank/clock.py")
MAY_COMMIT = ("timebank/database.py", "timebank/rounds.py")
LIFE_STAGES = (
    "actions.py",
    "exchanges/agreeing.py",
    "exchanges/settling.py",
    "donations/giving.py",
    "donations/asking.py",
    "donations/leaving.py",
)
SAID_BY_NAME = {"at", "by", "broker"}
REGISTRIES = ["pypi" + ".org", "python" + "hosted.org", "npmjs" + ".org", "npmjs" + ".com", "proxy.golang" + ".org"]


@cache
def files() -> list[str]:
    """Every file of the project, tracked or about to be, as a path from the checkout."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(listing, cwd=HERE, capture_output=True, text=True, check=False).stdout
    return sorted(path for path in listed.split("\0") if path and (HERE / path).is_file())


def python_files(*folders: str) -> list[str]:
    return [path for path in files() if path.endswith(".py") and (not folders or path.split("/")[0] in folders)]


def templates() -> list[str]:
    return [path for path in files() if "/templates/" in path]


@cache
def text(path: str) -> str:
    try:
        return (HERE / path).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""  # a picture or a font


@cache
def tree(path: str) -> ast.Module:
    return ast.parse(text(path), filename=path)


def functions(path: str) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function, its docstring not counted."""
    first = function.body[0]
    is_documented = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    assert function.end_lineno and first.end_lineno
    explained = first.end_lineno - first.lineno + 1 if is_documented else 0
    return function.end_lineno - function.lineno + 1 - explained


def calls(path: str, method: str) -> list[int]:
    """The lines on which something's method is called."""
    return [
        node.lineno
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == method
    ]


def test_every_module_says_what_is_in_it() -> None:
    silent = [path for path in python_files() if text(path).strip() and not ast.get_docstring(tree(path))]
    assert silent == []


def test_no_file_is_too_long_to_read_at_once() -> None:
    read = [path for path in files() if path.endswith((".py", ".html")) and not path.startswith(NOT_READ)]
    assert [path for path in read if len(text(path).splitlines()) > LONGEST_FILE] == []


def test_no_function_is_too_long_to_hold_in_mind() -> None:
    read = [path for path in python_files() if not path.startswith(NOT_READ)]
    too_long = [
        f"{path}: {f.name} ({length(f)})" for path in read for f in functions(path) if length(f) > LONGEST_FUNCTION
    ]
    assert too_long == []


def test_nothing_has_a_name_that_says_nothing() -> None:
    ours = [path for path in files() if not path.startswith(NOT_READ)]
    named = [path for path in ours if EMPTY_WORDS & set(re.split(r"[/._-]", path.lower()))]
    verbs = [
        f"{path}: {function.name}"
        for path in python_files(*OURS)
        for function in functions(path)
        if function.name.startswith(EMPTY_VERBS) and function.name not in NAMED_ELSEWHERE
    ]
    classes = [
        f"{path}: {node.name}"
        for path in python_files(*OURS)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ClassDef) and node.name.endswith(EMPTY_CLASSES)
    ]
    assert named + verbs + classes == []


def test_only_the_web_the_worker_and_the_commands_ask_the_clock() -> None:
    asked = re.compile(
        r"timebank\.clock|import clock\b|\bclock\.now\(|\bdatetime\.(now|utcnow)\(|\bdate\.today\(|\btime\.time\("
    )
    told = [path for path in python_files(*OURS) if not path.startswith(MAY_ASK_THE_CLOCK)]
    assert [path for path in told if asked.search(text(path))] == []


def test_only_the_unit_of_work_commits() -> None:
    others = [path for path in python_files(*OURS) if path not in MAY_COMMIT]
    assert [f"{path}:{line}" for path in others for line in calls(path, "commit")] == []


def test_an_action_takes_the_session_first_and_who_and_when_by_name() -> None:
    wrong = []
    for path in python_files("timebank"):
        if not path.endswith(LIFE_STAGES):
            continue
        for action in tree(path).body:
            if not isinstance(action, ast.FunctionDef) or action.name.startswith("_"):
                continue
            in_order = [argument.arg for argument in action.args.args]
            if in_order[:1] != ["session"] or SAID_BY_NAME & set(in_order) or len(in_order) > 3:
                wrong.append(f"{path}: {action.name}({', '.join(in_order)})")
    assert wrong == []


@pytest.mark.parametrize(
    "inline",
    [
        pytest.param(r"<style\b", id="style element"),
        pytest.param(r"\sstyle\s*=", id="style attribute"),
        pytest.param(r"<script\b(?![^>]*\bsrc=)", id="script element"),
        pytest.param(r"<[a-z][^>]*\son[a-z]+\s*=", id="event attribute"),
        pytest.param(r"javascript:", id="script address"),
    ],
)
def test_no_template_holds_code_or_style_that_the_policy_would_refuse(inline: str) -> None:
    assert [path for path in templates() if re.search(inline, text(path), re.IGNORECASE)] == []


def test_every_form_that_changes_something_carries_its_token() -> None:
    posts = re.compile(r"<form\b[^>]*method=[\"']?post.*?</form>", re.IGNORECASE | re.DOTALL)
    bare = [path for path in templates() for form in posts.findall(text(path)) if "csrf" not in form]
    assert bare == []


def test_no_file_names_a_package_registry() -> None:
    assert [(path, host) for path in files() for host in REGISTRIES if host in text(path)] == []


def test_no_file_names_a_place_on_somebodys_machine() -> None:
    place = re.compile(r"(?<![\w.*\]/)}-])/(work|root|home|Users|tmp/v)/")
    ours = [path for path in files() if not path.startswith(NOT_READ) and path != "tests/test_house.py"]
    assert [(path, found.group()) for path in ours if (found := place.search(text(path)))] == []


def test_every_setting_is_explained_to_operators_in_its_own_words() -> None:
    explained = text("docs/operating.md")
    rows = [f"| `{PREFIX}{setting.name.upper()}` | {setting.metadata['says']} |" for setting in fields(Settings)]
    assert [row for row in rows if row not in explained] == []


def test_operators_are_told_of_no_setting_that_does_not_exist() -> None:
    known = {PREFIX + setting.name.upper() for setting in fields(Settings)}
    told = {
        name
        for path in files()
        if path.startswith("docs/")
        for name in re.findall(r"TIMEBANK_[A-Z_]*[A-Z]", text(path))
    }
    assert {name for name in told - known if not name.startswith("TIMEBANK_TEST_")} == set()


def test_the_table_of_what_is_where_names_places_that_exist() -> None:
    table = text("README.md").partition("## What is where")[2].partition("\n## ")[0]
    places = re.findall(r"^\| `([^`]+)` \|", table, re.MULTILINE)
    assert places
    assert [place for place in places if not (HERE / place).exists()] == []


def test_what_others_made_is_as_it_was_built() -> None:
    vendor = HERE / "timebank/web/static/vendor"
    sums = dict(reversed(line.split("  ")) for line in (vendor / "SHA256SUMS").read_text().splitlines())
    kept = {f"{path.relative_to(vendor)}": path for path in vendor.rglob("*") if path.is_file()}
    del kept["SHA256SUMS"]
    assert sums == {name: sha256(path.read_bytes()).hexdigest() for name, path in kept.items()}


def test_every_command_of_the_makefile_is_declared_and_explained() -> None:
    makefile = text("Makefile")
    explained = set(re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE))
    declared = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert declared
    assert set(declared[1].split()) == explained
