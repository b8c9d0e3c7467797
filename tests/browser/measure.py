"""Measure how fast the pad answers in a real browser, on an idle machine.

``PYTHONPATH=tests python tests/browser/measure.py`` prints a table for JupyterLab and one for the web app;
a number behind it is for how many minutes it scribbles.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
from browsers import launch
from pages import IDLE, PadPage
from playwright.sync_api import Browser, expect, sync_playwright
from processes import family
from servers import Server, jupyterlab, pad_notebook, web_app
from tabulate import tabulate

from mnistlab.datasets.drawings import load_drawings
from mnistlab.strokes import place, replay

WATCH = """() => {
    window.changes = []; window.ups = []; window.before = 0;
    const results = document.querySelector('.mnistlab-results');
    new MutationObserver(() => window.changes.push(performance.now()))
        .observe(results, {childList: true, subtree: true});
    document.addEventListener('mousedown', () => window.before = window.changes.length, true);
    document.addEventListener('mouseup', () => window.ups.push(performance.now()), true);
}"""

LAG = """async () => {
    const last = () => Math.max(window.ups.at(-1), ...window.changes.slice(-1));
    const answered = () => window.changes.length > window.before;
    while (!answered() || performance.now() - last() < 300) {
        if (performance.now() - window.ups.at(-1) > 10000) throw new Error('the pad does not answer');
        await new Promise(done => setTimeout(done, 10));
    }
    return last() - window.ups.at(-1);
}"""
"""From pen up to the last change of the results; 0 where they were there before the pen was lifted."""

SCRIBBLE = """async ([points, pause]) => {
    const canvas = document.querySelector('canvas.mnistlab-canvas');
    const box = canvas.getBoundingClientRect(), context = canvas.getContext('2d');
    const say = (kind, [x, y]) => canvas.dispatchEvent(
        new MouseEvent(kind, {clientX: box.left + x, clientY: box.top + y, bubbles: true}));
    const lit = ([x, y]) => context.getImageData(2 * x, 2 * y, 1, 1).data[0] > 127;
    const sent = [], lags = [];
    let seen = 0;
    const look = () => {
        while (seen < sent.length && lit(points[seen])) lags.push(performance.now() - sent[seen++]);
    };
    const changes = window.changes.length;
    say('mousedown', points[0]);
    const began = performance.now();
    sent.push(began);
    for (let i = 1; i < points.length; i++) {
        while (performance.now() < began + i * pause) {
            await new Promise(done => setTimeout(done));
            look();
        }
        say('mousemove', points[i]);
        sent.push(performance.now());
    }
    const updates = window.changes.length - changes;
    while (seen < points.length && performance.now() < sent.at(-1) + 10000) {
        await new Promise(done => setTimeout(done));
        look();
    }
    say('mouseup', points.at(-1));
    return [lags, updates, sent.at(-1) - began];
}"""


def rows(count: int, step: int = 8, gap: int = 40) -> list[tuple[int, int]]:
    """Return points back and forth over the canvas, each on fresh ground for a pen of 8 pixels."""
    across = range(10, 270, step)
    points = [
        (x, y) for number, y in enumerate(range(10, 275, gap)) for x in (across if number % 2 == 0 else across[::-1])
    ]
    return [points[i % len(points)] for i in range(count)]


def middle_and_tail(values: list[float]) -> str:
    """Return median and 95th percentile."""
    return f"{statistics.median(values):.0f} / {statistics.quantiles(values, n=20)[-1]:.0f}"


def pen_up_to_bars(pad: PadPage, count: int = 50) -> list[float]:
    """Draw digits; return the milliseconds from pen up until the bars are those of the whole drawing."""
    found = []
    drawings = load_drawings("auto")[1][0].drawings
    for number in range(count):
        labelled = drawings[number * len(drawings) // count]  # without UJI: each of a few examples several times
        replay(pad, place(labelled.drawing, 190))
        found.append(float(pad.page.evaluate(LAG)))
        pad.part("clear").click()
        pad.ink()
    return found


def strokes_on_top(pad: PadPage, count: int = 20) -> list[float]:
    """The same for strokes added to what is drawn already."""
    found = []
    for number in range(count):
        replay(pad, [[(20, 20 + 10 * number), (250, 30 + 10 * number)]])
        found.append(float(pad.page.evaluate(LAG)))
    return found


def kernel_of(pad: PadPage, server: Server) -> psutil.Process:
    """Return the process of the page's kernel: the one that works most while something is drawn."""
    kernels = [child for child in family(server.process) if "ipykernel" in "".join(child.cmdline())]
    before = {kernel.pid: kernel.cpu_times().user for kernel in kernels}
    replay(pad, [rows(300)])
    return max(kernels, key=lambda kernel: kernel.cpu_times().user - before[kernel.pid])


def megabytes(process: psutil.Process) -> int:
    """Return what a process has for itself and its share of what it shares."""
    return round(process.memory_full_info().pss / 1e6)


def measure(pad: PadPage, server: Server, minutes: float) -> Iterator[tuple[str, object]]:
    """Yield what was measured with its name, in the order in which it happens."""
    pad.page.evaluate(WATCH)
    yield "pen up to bars, ms", middle_and_tail(pen_up_to_bars(pad))
    kernel = kernel_of(pad, server)
    pad.reset()
    pad.set_pen(8)
    lags, updates, took = pad.page.evaluate(SCRIBBLE, [rows(200), 5])
    yield "200 moves: sent within, ms", round(took)
    yield "  seen as ink", len(lags)
    yield "  ink behind the pen, ms", middle_and_tail(lags)
    yield "  live answers meanwhile", updates
    yield "memory of the kernel, MB", megabytes(kernel)
    pad.reset()
    pad.set_pen(8)
    pad.page.evaluate(SCRIBBLE, [rows(10_000), 5])
    for number in range(199):
        replay(pad, [[(20 + number, 20), (30 + number, 250)]])
    pad.ink()
    yield "on a stroke of 10,000 points and 199 more: pen up to bars, ms", middle_and_tail(strokes_on_top(pad))
    deadline = time.monotonic() + 60 * minutes
    while time.monotonic() < deadline:
        pad.page.evaluate(SCRIBBLE, [rows(1000), 8])
    pad.ink()
    yield f"after {minutes:g} minutes of scribbling: pen up to bars, ms", middle_and_tail(strokes_on_top(pad))
    yield "  memory of the kernel, MB", megabytes(kernel)


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
        yield from measure(pad, server, minutes)


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
        yield from measure(pad, server, minutes)


def main(minutes: float = 5.0) -> None:
    """Measure both and print what came out; times in ms are median / 95th percentile."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = launch(playwright)
        for name, part in (("JupyterLab", in_jupyterlab), ("web app", in_web_app)):
            print(tabulate(list(part(browser, Path(folder), minutes)), headers=(name, "")), end="\n\n", flush=True)


if __name__ == "__main__":
    main(*map(float, sys.argv[1:]))
