"""Compiles the catalogues of translations when the package is built or installed: the .mo files are not in git."""

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Catalogues(BuildHookInterface[Any]):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatchling's signature
        for catalogue in Path(self.root).glob("timebank/web/translations/*/LC_MESSAGES/*.po"):
            language = catalogue.parts[-3]
            with catalogue.open("rb") as source, catalogue.with_suffix(".mo").open("wb") as compiled:
                write_mo(compiled, read_po(source, locale=language))
