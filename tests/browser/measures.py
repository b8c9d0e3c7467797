"""What is measured on a pad in a real browser: how soon ink is seen, and how soon it is answered."""

import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from pages import PadPage

from mnistlab.datasets.drawings import load_drawings
from mnistlab.strokes import place, replay

WATCH = """() => {
    Object.assign(window, {changes: [], ups: [], before: 0, waiting: [], lags: []});
    const results = document.querySelector('.mnistlab-results');
    const canvases = [...document.querySelectorAll('.mnistlab-ink canvas'), document.querySelector('.mnistlab-canvas')];
    const box = () => canvases.at(-1).getBoundingClientRect();
    new MutationObserver(() => changes.push(performance.now())).observe(results, {childList: true, subtree: true});
    document.addEventListener('pointerdown', () => before = changes.length, true);
    document.addEventListener('pointerup', () => ups.push(performance.now()), true);
    document.addEventListener('pointermove', event => {
        const {left, top} = box();
        for (const each of event.buttons ? event.getCoalescedEvents() : [])
            waiting.push({at: each.timeStamp, x: each.clientX - left, y: each.clientY - top});
    }, true);
    const isLit = ({x, y}) => canvases.some(canvas => {
        const scale = canvas.width / 280;
        const [red, , , opacity] = canvas.getContext('2d').getImageData(scale * x, scale * y, 1, 1).data;
        return red > 127 && opacity > 127;
    });
    const painted = new MessageChannel();
    painted.port1.onmessage = ({data}) => lags.push(...data.map(at => performance.now() - at));
    const look = () => {
        const seen = waiting.filter(isLit);
        waiting = waiting.filter(point => !seen.includes(point));
        painted.port2.postMessage(seen.map(({at}) => at));
        requestAnimationFrame(look);
    };
    look();
}"""
"""Notes the time from each move to the end of the first frame in which its point is lit, on the canvas or above it."""

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


def watch(pad: PadPage) -> None:
    """Begin to note what happens in the page; once a page."""
    pad.page.evaluate(WATCH)


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


def scribble(pad: PadPage, count: int, pause: float) -> float:
    """Draw a stroke of so many moves, one every `pause` seconds; return the seconds that it took."""
    first, *others = rows(count + 1)
    pad.start_stroke(*first)
    began = time.monotonic()
    for number, point in enumerate(others, 1):
        time.sleep(max(0.0, began + number * pause - time.monotonic()))
        pad.extend_stroke(*point)
    took = time.monotonic() - began
    pad.end_stroke()
    return took


def ink_lags(pad: PadPage, count: int = 200, pause: float = 0.005) -> list[float]:
    """Draw a stroke on an empty pad; return the milliseconds from each move until it is seen."""
    pad.page.evaluate("window.waiting = []; window.lags = []")
    scribble(pad, count, pause)
    pad.page.wait_for_function("window.waiting.length === 0")
    return [float(lag) for lag in pad.page.evaluate("window.lags")]


@contextmanager
def busy_processes(count: int = 2) -> Iterator[None]:
    """Run processes that do nothing but work."""
    processes = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(count)]
    try:
        yield
    finally:
        for process in processes:
            process.kill()
            process.wait()
