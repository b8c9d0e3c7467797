"""A real browser and real servers; without a browser these tests are skipped, with the reason."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browsers import find, launch
from pages import PadPage
from playwright.sync_api import Browser, sync_playwright
from servers import Server, jupyterlab, pad_notebook, web_app

from mnistlab.keeping.place import KEEP

FAILURES = Path(__file__).parent / "failures"
"""Screenshots of tests that failed."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Keep a picture of the page when a test fails."""
    report: Any = yield
    pad = getattr(item, "funcargs", {}).get("pad")
    if report.failed and pad:
        FAILURES.mkdir(exist_ok=True)
        pad.page.screenshot(path=FAILURES / f"{item.name}.png")
    return report


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not find():
        pytest.skip("needs Chromium or Chrome: apt-get install chromium, or https://www.google.com/chrome")
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file in which the pads keep drawings."""
    return tmp_path_factory.mktemp("kept") / "drawings.jsonl"


@pytest.fixture(scope="module")
def lab(browser: Browser, kept: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """JupyterLab on a copy of the drawing notebook up to its pad."""
    folder = tmp_path_factory.mktemp("lab")
    pad_notebook(folder)
    told = {KEEP: str(kept)}
    with jupyterlab(folder, tmp_path_factory.mktemp("state"), told) as server:
        yield f"{server.address}/doc/tree/draw.ipynb"


@pytest.fixture(scope="module")
def app_server(browser: Browser, kept: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with web_app(tmp_path_factory.mktemp("app"), "--keep", str(kept)) as server:
        yield server


@pytest.fixture(scope="module")
def app(app_server: Server) -> str:
    return app_server.address


@pytest.fixture(scope="module")
def shown(request: pytest.FixtureRequest, browser: Browser) -> Iterator[PadPage]:
    """A pad in JupyterLab or in the web app, as the test's parameter says."""
    page = browser.new_page(viewport={"width": 1280, "height": 900}, has_touch=True)
    pad = PadPage(page)
    pad.open(request.getfixturevalue(request.param))
    yield pad
    page.close()


@pytest.fixture
def pad(shown: PadPage) -> Iterator[PadPage]:
    """That pad, empty and with its first settings; an error in the page fails the test."""
    shown.errors.clear()
    shown.reset()
    yield shown
    assert shown.errors == []
