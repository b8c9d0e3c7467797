"""A real browser and real servers; without a browser these tests are skipped, with the reason."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from browsers import find, launch
from pages import PadPage
from playwright.sync_api import Browser, sync_playwright
from processes import no_process_left
from servers import Server, jupyterlab, pad_notebook, web_app

from mnistlab.keeping.place import KEEP

FAILURES = Path(__file__).parent / "failures"
"""Screenshots of tests that failed."""

NUMBERS = count()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Keep a picture of the page when a test fails."""
    report: Any = yield
    pad = getattr(item, "funcargs", {}).get("pad")
    if report.failed and pad:
        FAILURES.mkdir(exist_ok=True)
        pad.page.screenshot(path=FAILURES / f"{item.name}.png")
    return report


@pytest.fixture(autouse=True, scope="session")
def no_process_left_behind() -> Iterator[None]:
    """The same for all modules together: they share their servers."""
    with no_process_left("tests in a browser"):
        yield


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Not for all modules together: Playwright's event loop runs meanwhile, and other tests need their own."""
    if not find():
        pytest.skip("needs Chromium or Chrome: apt-get install chromium, or https://www.google.com/chrome")
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file in which the pads keep drawings."""
    return tmp_path_factory.mktemp("kept") / "drawings.jsonl"


@pytest.fixture(scope="session")
def lab_server(kept: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Path]]:
    """JupyterLab, and the folder that it serves."""
    folder = tmp_path_factory.mktemp("lab")
    with jupyterlab(folder, tmp_path_factory.mktemp("state"), {KEEP: str(kept)}) as server:
        yield server, folder


@pytest.fixture(scope="module")
def lab(browser: Browser, lab_server: tuple[Server, Path]) -> str:
    """A copy of the drawing notebook up to its pad, in JupyterLab, with a kernel of its own."""
    return _opened_in(lab_server)


@pytest.fixture
def new_lab(browser: Browser, lab_server: tuple[Server, Path]) -> str:
    """The same for one test."""
    return _opened_in(lab_server)


def _opened_in(lab_server: tuple[Server, Path]) -> str:
    server, folder = lab_server
    place = folder / str(next(NUMBERS))
    pad_notebook(place)
    return f"{server.address}/doc/tree/{place.name}/draw.ipynb"


@pytest.fixture(scope="session")
def app_server(kept: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with web_app(tmp_path_factory.mktemp("app"), "--keep", str(kept), "--sessions", "100") as server:
        yield server


@pytest.fixture(scope="module")
def app(browser: Browser, app_server: Server) -> str:
    return app_server.address


@pytest.fixture(scope="module")
def shown(request: pytest.FixtureRequest, browser: Browser) -> Iterator[PadPage]:
    """A pad in JupyterLab or in the web app, as the test's parameter says."""
    page = browser.new_page(viewport={"width": 1280, "height": 900}, has_touch=True)
    pad = PadPage(page)
    pad.open(request.getfixturevalue(request.param))
    yield pad
    page.close(run_before_unload=True)  # which frees its kernel


@pytest.fixture
def pad(shown: PadPage) -> Iterator[PadPage]:
    """That pad, empty and with its first settings; an error in the page fails the test."""
    shown.errors.clear()
    shown.reset()
    yield shown
    assert shown.errors == []
