"""The browser that is found on this machine."""

import shutil

from playwright.sync_api import Browser, Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")

OPTIONS = [
    *["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"],
    *["--disable-background-networking", "--disable-component-update"],
]


def find() -> str | None:
    """Return the path of an installed Chromium or Chrome, None where there is none."""
    return next(filter(None, map(shutil.which, NAMES)), None)


def launch(playwright: Playwright) -> Browser:
    """Start it with a fresh profile."""
    return playwright.chromium.launch(executable_path=find(), args=OPTIONS)
