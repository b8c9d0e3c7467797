"""Make the README's pictures of the pad: ``PYTHONPATH=tests python tests/browser/screenshots.py``."""

import tempfile
from pathlib import Path

from browsers import launch
from pages import PadPage
from playwright.sync_api import Browser, expect, sync_playwright
from servers import jupyterlab, pad_notebook, web_app

from mnistlab.datasets.examples import EXAMPLES
from mnistlab.strokes import replay
from mnistlab.system.files import project_dir

PICTURES = project_dir() / ".github"


def in_jupyterlab(browser: Browser, folder: Path) -> None:
    """A barred 7 and why it is one, in a notebook."""
    pad_notebook(folder / "notebooks")
    with jupyterlab(folder / "notebooks", folder / "lab", {"MNISTLAB_DATA_DIR": str(folder)}) as server:
        page = browser.new_page(viewport={"width": 860, "height": 1060}, device_scale_factor=1.5)
        pad = PadPage(page)
        pad.open(f"{server.address}/doc/tree/draw.ipynb")
        replay(pad, EXAMPLES[9].drawing)
        pad.part("why").get_by_text("Why?").click()
        expect(pad.part("why-overlay")).to_be_visible()
        page.mouse.move(5, 5)
        page.screenshot(path=PICTURES / "pad-in-jupyterlab.png")


def in_web_app(browser: Browser, folder: Path) -> None:
    """A 1 with a flag, on a phone."""
    with web_app(folder / "app") as server:
        context = browser.new_context(viewport={"width": 390, "height": 1000}, device_scale_factor=1.5, has_touch=True)
        pad = PadPage(context.new_page())
        pad.open(server.address)
        replay(pad, EXAMPLES[2].drawing)
        pad.ink()
        pad.page.screenshot(path=PICTURES / "pad-as-web-app.png")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        for part in (in_jupyterlab, in_web_app):
            part(launch(playwright), Path(temporary))
