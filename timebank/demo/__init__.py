"""The demo community: a made-up Welsh valley, eight months of its life, told through the house's own actions."""

from timebank.demo.building import build
from timebank.demo.who_signs_in import DEMO_ACCESS, DEMO_SLUG, DemoAccess

__all__ = ["DEMO_ACCESS", "DEMO_SLUG", "DemoAccess", "build"]
