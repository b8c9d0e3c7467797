"""Measure how fast the pad answers in a real browser, on an idle machine.

``PYTHONPATH=.:tests python tests/browser/measure.py`` prints each result as it comes, for JupyterLab and for the web
app; a number behind it is for how many minutes it scribbles.
"""

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import psutil
from browsers import launch
from measures import busy_processes, ink_lags, middle_and_tail, pen_up_to_bars, rows, scribble, strokes_on_top, watch
from pages import IDLE, PadPage
from playwright.sync_api import Browser, expect, sync_playwright
from processes import family, wait_until
from servers import Server, jupyterlab, pad_notebook, web_app

from mnistlab.strokes import replay

Busy = Callable[[PadPage, psutil.Process], AbstractContextManager[None]]
"""Keeps a page's kernel busy for ten seconds."""


def kernel_of(pad: PadPage, server: Server) -> psutil.Process:
    """Return the process of the page's kernel: the one that works most while something is drawn."""
    kernels = [child for child in family(server.process) if "ipykernel" in "".join(child.cmdline())]
    before = {kernel.pid: kernel.cpu_times().user for kernel in kernels}
    replay(pad, [rows(300)])
    pad.ink()
    return max(kernels, key=lambda kernel: kernel.cpu_times().user - before[kernel.pid])


def megabytes(process: psutil.Process) -> int:
    """Return what a process has for itself and its share of what it shares."""
    return round(process.memory_full_info().pss / 1e6)


def measure(pad: PadPage, server: Server, busy: Busy, minutes: float) -> Iterator[tuple[str, object]]:
    """Yield what was measured with its name, in the order in which it happens."""
    watch(pad)
    yield "pen up to bars, ms", middle_and_tail(pen_up_to_bars(pad))
    kernel = kernel_of(pad, server)
    yield from measure_ink(pad, busy, kernel)
    yield "memory of the kernel, MB", megabytes(kernel)
    with busy_processes():
        empty(pad)
        yield "two busy processes beside it: ink after the move, ms", middle_and_tail(ink_lags(pad))
        pad.reset()
        yield "  pen up to bars, ms", middle_and_tail(pen_up_to_bars(pad, 20))
    empty(pad)
    scribble(pad, 10_000, 0.0)
    for number in range(199):
        replay(pad, [[(20 + number, 20), (30 + number, 250)]])
    pad.ink()
    yield "on a stroke of 10,000 points and 199 more: pen up to bars, ms", middle_and_tail(strokes_on_top(pad))
    deadline = time.monotonic() + 60 * minutes
    while time.monotonic() < deadline:
        scribble(pad, 1000, 0.008)
    pad.ink()
    yield f"after {minutes:g} minutes of scribbling: pen up to bars, ms", middle_and_tail(strokes_on_top(pad))
    yield "  memory of the kernel, MB", megabytes(kernel)


def measure_ink(pad: PadPage, busy: Busy, kernel: psutil.Process) -> Iterator[tuple[str, object]]:
    """Yield how soon ink is seen, also while the kernel is busy, and how it is sent."""
    empty(pad)
    changes, messages = pad.page.evaluate("window.changes.length"), pad.ink_messages
    yield "200 moves in a second: ink after the move, ms", middle_and_tail(ink_lags(pad))
    wait_until(lambda: [len(stroke) for stroke in pad.strokes()] == [201])
    yield "  messages with ink", pad.ink_messages - messages
    yield "  live answers meanwhile", pad.page.evaluate("window.changes.length") - changes
    empty(pad)
    messages = pad.ink_messages
    with busy(pad, kernel):
        lags = ink_lags(pad, 300, 0.03)
    yield "300 moves while the kernel is busy: ink after the move, ms", middle_and_tail(lags)
    began = time.monotonic()
    wait_until(lambda: [len(stroke) for stroke in pad.strokes()] == [301])
    yield "  all read after, ms", round(1000 * (time.monotonic() - began))
    yield "  messages with ink", pad.ink_messages - messages


def empty(pad: PadPage) -> None:
    """Empty the pad and choose the thinnest pen."""
    pad.reset()
    pad.set_pen(8)


@contextmanager
def running_cell(pad: PadPage, _kernel: psutil.Process) -> Iterator[None]:
    """Run a cell for ten seconds."""
    pad.run("import time; time.sleep(10)")
    yield
    pad.evaluate("None")  # comes after it


@contextmanager
def stopped_process(_pad: PadPage, kernel: psutil.Process) -> Iterator[None]:
    """Stop a kernel's process: a page of the web app has no cells."""
    kernel.suspend()
    yield
    kernel.resume()


def in_jupyterlab(browser: Browser, folder: Path, minutes: float) -> Iterator[tuple[str, object]]:
    """Yield what is measured on a pad in JupyterLab."""
    pad_notebook(folder / "notebooks")
    with jupyterlab(folder / "notebooks", folder / "lab") as server:
        pad = PadPage(browser.new_page(viewport={"width": 1280, "height": 900}))
        pad.open(f"{server.address}/doc/tree/draw.ipynb")
        times = []
        for _ in range(5):
            pad.restart_kernel()
            pad.run("import mnistlab.pad")
            pad.page.wait_for_function(IDLE)
            pad.page.evaluate("jupyterapp.commands.execute('notebook:clear-all-cell-outputs')")
            expect(pad.canvas).to_have_count(0)
            began = time.perf_counter()
            pad.run_all_cells()
            pad.wait_until_ready()
            times.append(1000 * (time.perf_counter() - began))
        yield "cell run to a pad that can be drawn on, ms", middle_and_tail(times)
        yield from measure(pad, server, running_cell, minutes)


def in_web_app(browser: Browser, folder: Path, minutes: float) -> Iterator[tuple[str, object]]:
    """Yield what is measured on the pad as a web app."""
    with web_app(folder / "app") as server:
        times = []
        for _ in range(5):
            time.sleep(8)  # the pool of kernels is full again
            pad = PadPage(browser.new_page(viewport={"width": 1280, "height": 900}))
            began = time.perf_counter()
            pad.open(server.address)
            times.append(1000 * (time.perf_counter() - began))
        yield "page opened to a pad that can be drawn on, ms", middle_and_tail(times)
        yield from measure(pad, server, stopped_process, minutes)


def main(minutes: float = 5.0) -> None:
    """Measure both and print each result as it comes; times in ms are median / 95th percentile."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = launch(playwright)
        for name, part in (("JupyterLab", in_jupyterlab), ("web app", in_web_app)):
            print(f"\n{name}", flush=True)
            for measured, value in part(browser, Path(folder), minutes):
                print(f"{measured:70} {value}", flush=True)


if __name__ == "__main__":
    main(*map(float, sys.argv[1:]))
