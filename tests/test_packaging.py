"""What leaves the checkout: a wheel that is whole, and locks that pin all that it needs."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.commands import environment

PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    here, folder = Path(__file__).parent.parent, tmp_path_factory.mktemp("wheel")
    build = [*PIP, "wheel", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", folder, here]
    subprocess.run(build, check=True, env=environment(None))
    return next(folder.glob("timebank-*.whl"))


def test_a_wheel_holds_all_that_the_checkout_serves(wheel: Path, here: Path) -> None:
    inside = set(ZipFile(wheel).namelist())
    served = {
        f"{path.relative_to(here)}"
        for pattern in (
            "timebank/**/*.py",
            "timebank/web/templates/**/*.html",
            "timebank/web/static/**/*",
            "ledger/**/*.*",
        )
        for path in here.glob(pattern)
        if path.is_file() and "__pycache__" not in path.parts
    }
    migrations = {f"timebank/{path.relative_to(here)}" for path in here.glob("migrations/**/*.py")}
    sources = here.glob("timebank/web/translations/**/*.po")
    catalogues = {f"{path.with_suffix('.mo').relative_to(here)}" for path in sources}
    assert served
    assert migrations
    assert served | migrations | catalogues <= inside


def test_a_wheel_holds_nothing_that_only_developers_need(wheel: Path) -> None:
    folders = {name.split("/")[0] for name in ZipFile(wheel).namelist()}
    assert {folder for folder in folders if not folder.endswith(".dist-info")} == {"ledger", "timebank"}
    assert not [name for name in ZipFile(wheel).namelist() if name.endswith((".scss", ".mjs", "package.json"))]


def test_an_installed_wheel_sets_up_a_timebank_by_itself(wheel: Path, tmp_path: Path) -> None:
    installed = tmp_path / "installed"
    install = [*PIP, "install", "--no-deps", "--no-index", "--no-compile", "--target", installed, wheel]
    subprocess.run(install, check=True, env=environment(None))
    settings = environment(f"sqlite:///{tmp_path}/timebank.db", PYTHONPATH=f"{installed}")
    script = "import timebank.cli, sys; sys.argv[1:] = ['upgrade']; print(timebank.__file__); timebank.cli.main()"
    ended = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, env=settings, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.startswith(f"{installed}{os.sep}")
    assert "is up to date" in ended.stdout


def pins(lock: Path) -> dict[str, str]:
    """Every package of a lock, with its version; each must be pinned with hashes."""
    pinned = re.findall(
        r"^([\w.-]+)==(\S+) \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", lock.read_text(), re.MULTILINE
    )
    assert len(pinned) == len(re.findall(r"^[a-z]", lock.read_text(), re.MULTILINE))
    return {canonicalize_name(name): version for name, version, _ in pinned}


def test_the_locks_pin_what_the_project_asks_for(here: Path) -> None:
    project = tomllib.loads((here / "pyproject.toml").read_text())
    runs, develops = pins(here / "requirements.lock"), pins(here / "requirements-dev.lock")
    assert runs.items() <= develops.items()
    builds = project["build-system"]["requires"]
    extras = [each for extra in project["project"]["optional-dependencies"].values() for each in extra]
    for asked, pinned in ((builds + project["project"]["dependencies"], runs), (extras, develops)):
        for requirement in map(Requirement, asked):
            assert pinned[canonicalize_name(requirement.name)] in requirement.specifier, requirement


def test_the_locks_name_no_place_to_download_from(here: Path) -> None:
    for lock in ("requirements.lock", "requirements-dev.lock"):
        assert not re.search(r"://|--(?!hash=)|^-", (here / lock).read_text(), re.MULTILINE)
