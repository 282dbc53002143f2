"""Headers of every answer: what a browser may load, embed, keep and tell others."""

from flask import Flask, Response, request
from secure import (
    ContentSecurityPolicy,
    CrossOriginOpenerPolicy,
    CrossOriginResourcePolicy,
    PermissionsPolicy,
    ReferrerPolicy,
    Secure,
    StrictTransportSecurity,
    XContentTypeOptions,
    XFrameOptions,
)

from timebank.web.language import language
from timebank.web.session import is_api, me_or_nobody

TWO_YEARS = 63_072_000
SELF = "'self'"
NONE = "'none'"


def safe_headers(*, is_https: bool) -> dict[str, str]:
    """The same for every answer. Scripts and styles are files of ours, so that injected ones do nothing."""
    policy = (
        ContentSecurityPolicy()
        .default_src(NONE)
        .script_src(SELF)
        .style_src(SELF)
        .img_src(SELF, "data:")
        .font_src(SELF)
        .connect_src(SELF)
        .form_action(SELF)
        .base_uri(NONE)
        .frame_ancestors(NONE)
        .manifest_src(SELF)
    )
    return dict(
        Secure(
            csp=policy,
            hsts=StrictTransportSecurity().max_age(TWO_YEARS) if is_https else None,
            xcto=XContentTypeOptions().nosniff(),
            xfo=XFrameOptions().deny(),
            referrer=ReferrerPolicy().same_origin(),
            permissions=PermissionsPolicy().camera().microphone().geolocation().payment().usb(),
            coop=CrossOriginOpenerPolicy().same_origin(),
            corp=CrossOriginResourcePolicy().same_origin(),
        ).headers
    )


def send_headers(app: Flask, *, is_https: bool) -> None:
    headers = safe_headers(is_https=is_https)

    @app.after_request
    def complete(response: Response) -> Response:
        for name, value in headers.items():
            response.headers.setdefault(name, value)  # a page may be stricter
        if request.endpoint != "static":
            is_private = is_api() or me_or_nobody() is not None
            response.headers.setdefault("Cache-Control", "no-store" if is_private else "private, no-cache")
            response.headers.setdefault("Content-Language", language().value)
            response.vary.update(["Cookie", "Accept-Language", "Authorization"])
        return response
