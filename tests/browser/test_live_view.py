"""The view of a training in JupyterLab: seen while all cells run, and what stays of it."""

from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from pages import IDLE, PadPage
from playwright.sync_api import Browser, Locator, expect
from processes import DEADLINE, wait_until
from servers import jupyterlab

TRAINING = f"""
import time
from mnistlab.runs.history import Epoch, History, Point
from mnistlab.training.checkpoints import TrainingLength
from mnistlab.training.interrupt import stop_when_interrupted
from mnistlab.training.progress import NotebookProgress
progress, history = NotebookProgress(), History(points=(Point(0.5, 0.6, 0.7, 0.5, 0.8),))
deadline = time.monotonic() + {DEADLINE}
with stop_when_interrupted(progress):
    progress.begin(History(), TrainingLength(2, 1000))
    while not progress.stop_asked and time.monotonic() < deadline:
        time.sleep(0.05)
        progress.batch(1, 0.5, 0.8)
        progress.measured(history)
    progress.end(history.plus(Epoch(1, 0.5, 0.8, 0.4, 0.85, 1.0)), finished=False)
"""
"""A training of which only the view is real."""


@pytest.fixture
def notebook(browser: Browser, tmp_path: Path) -> Iterator[tuple[PadPage, Path]]:
    """A page with a notebook whose first cell trains, far above its last one, and the notebook's file."""
    path = tmp_path / "notebooks" / "train.ipynb"
    path.parent.mkdir()
    below = [nbformat.v4.new_markdown_cell("text\n\n" * 20) for _ in range(20)]
    cells = [nbformat.v4.new_code_cell(TRAINING), *below, nbformat.v4.new_code_cell("print('not reached')")]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}), path)
    with jupyterlab(path.parent, tmp_path / "state") as server, browser.new_context() as context:
        page = PadPage(context.new_page())
        page.page.goto(f"{server.address}/doc/tree/train.ipynb")
        page.page.wait_for_function(IDLE)
        page.page.evaluate("void jupyterapp.commands.execute('notebook:run-all-cells')")
        yield page, path


def view(pad: PadPage) -> Locator:
    return pad.page.locator(".mnistlab-training")


def saved_outputs(pad: PadPage, path: Path) -> list[nbformat.NotebookNode]:
    pad.page.evaluate("jupyterapp.commands.execute('docmanager:save')")
    return list(nbformat.read(path, as_version=4).cells[0].outputs)


def test_it_is_seen_while_all_cells_run_and_its_curves_stay(notebook: tuple[PadPage, Path]) -> None:
    pad, path = notebook
    expect(view(pad)).to_be_in_viewport(ratio=1)
    picture = pad.page.locator(".jp-OutputArea-output img").first
    wait_until(lambda: picture.evaluate("image => image.naturalWidth > 0"))
    assert pad.page.locator("img").evaluate_all("images => images.every(image => image.naturalWidth > 0)")
    view(pad).locator("button").click()
    expect(view(pad)).to_have_count(0)
    expect(pad.page.get_by_text("stopped: 1 epoch in 1 s")).to_be_in_viewport()
    line, curves = saved_outputs(pad, path)
    assert {*line.data} == {"text/plain"}
    assert {*curves.data} == {"image/png", "text/plain"}


def test_an_interrupt_ends_it_and_all_cells_after_it(notebook: tuple[PadPage, Path]) -> None:
    pad, path = notebook
    expect(view(pad)).to_be_visible()
    pad.interrupt()
    expect(pad.page.get_by_text("KeyboardInterrupt").first).to_be_visible()
    expect(view(pad)).to_have_count(0)
    kinds = [output.output_type for output in saved_outputs(pad, path)]
    assert kinds == ["display_data", "display_data", "error"]
    assert nbformat.read(path, as_version=4).cells[-1].outputs == []


def test_a_restarted_kernel_leaves_no_dead_bar(notebook: tuple[PadPage, Path]) -> None:
    pad, _ = notebook
    expect(view(pad)).to_be_visible()
    curves = pad.page.locator(".jp-OutputArea-output img").first
    wait_until(lambda: curves.evaluate("image => image.naturalWidth > 0"))
    pad.restart_kernel()
    expect(view(pad)).to_be_hidden()
    expect(pad.page.locator(".jp-OutputArea-output img").first).to_be_visible()
