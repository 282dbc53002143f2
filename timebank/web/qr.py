"""QR codes as pictures within the page: no file, no script, no style that the policy would refuse."""

import segno
from flask import Flask, request
from markupsafe import Markup

from timebank.access.codes import in_groups
from timebank.web.session import installation

QUIET = 4
"""Empty modules around the code, as the standard wants them: without them phones do not find it."""


def whole_address(path: str) -> str:
    """An address of ours as another phone can open it."""
    return (installation().settings.base_url.rstrip("/") or request.url_root.rstrip("/")) + path


def qr(address: str) -> Markup:
    """The address as a QR code, black on white in dark mode too; whoever draws it says beside it what it is."""
    drawn = segno.make_qr(address, error="m").svg_inline(
        border=QUIET, light="#fff", svgclass="qr__picture", lineclass=None, omitsize=True
    )
    return Markup(drawn)  # noqa: S704 - segno writes numbers and nothing of the address


def teach(app: Flask) -> None:
    """Templates say {{ address | qr }} and {{ code | in_groups }}."""
    app.add_template_filter(qr)
    app.add_template_filter(in_groups)
