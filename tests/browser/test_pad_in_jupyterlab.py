"""The pad in JupyterLab, as it differs from the web app: reload, other views, restarts, a cell that runs."""

import pytest
from pages import PadPage
from playwright.sync_api import expect
from processes import wait_until

from mnistlab.datasets.examples import EXAMPLES
from mnistlab.strokes import replay

pytestmark = pytest.mark.parametrize("shown", ["lab"], indirect=True)


def test_every_move_of_the_mouse_is_a_point_of_the_stroke(pad: PadPage) -> None:
    pad.start_stroke(20, 20)
    for step in range(1, 101):
        pad.extend_stroke(20 + 2 * step, 20 + step)
    pad.end_stroke()
    wait_until(lambda: pad.evaluate("[len(stroke) for stroke in pad.drawing]") == "[101]")


def test_a_reload_keeps_the_drawing_and_more_can_be_drawn(pad: PadPage) -> None:
    before = pad.draw(EXAMPLES[3].drawing)
    pad.page.evaluate("jupyterapp.commands.execute('docmanager:save')")
    pad.page.reload()
    pad.wait_until_ready()
    wait_until(lambda: pad.ink() == pytest.approx(before, abs=1e-3))
    expect(pad.digit).to_have_text("2")
    pad.start_stroke(20, 260)
    pad.extend_stroke(260, 260)
    pad.end_stroke()
    wait_until(lambda: pad.ink() > before + 0.05)


def test_a_second_view_shows_the_same_pad(pad: PadPage) -> None:
    before = pad.draw(EXAMPLES[4].drawing)
    pad.page.evaluate(VIEW_OF_LAST_CELL)
    canvases = pad.page.locator("canvas.mnistlab-canvas")
    expect(canvases).to_have_count(2)
    second = PadPage(pad.page)
    second.canvas = canvases.last
    second.wait_until_ready()
    wait_until(lambda: second.ink() == pytest.approx(before, abs=1e-3))
    second.start_stroke(20, 30)
    second.extend_stroke(260, 30)
    second.end_stroke()
    wait_until(lambda: second.ink() > before + 0.05)
    wait_until(lambda: pad.ink() == pytest.approx(second.ink(), abs=1e-3))
    pad.page.get_by_role("tab", name="Output View").locator(".lm-TabBar-tabCloseIcon").click()
    expect(canvases).to_have_count(1)


VIEW_OF_LAST_CELL = """async () => {
    const content = jupyterapp.shell.currentWidget.content;
    content.activeCellIndex = content.widgets.length - 1;
    await jupyterapp.commands.execute('notebook:create-output-view');
}"""


def test_what_is_drawn_while_a_cell_runs_is_read_while_it_still_runs(pad: PadPage) -> None:
    pad.run("import threading; threading.Event().wait(600)")
    shown = pad.draw(EXAMPLES[5].drawing)
    expect(pad.digit).to_have_text("4")
    pad.part("undo").click()
    wait_until(lambda: pad.ink() < shown)
    pad.part("clear").click()
    expect(pad.digit).to_be_empty()
    replay(pad, EXAMPLES[6].drawing)
    expect(pad.digit).to_have_text("5")
    pad.interrupt()
    assert pad.evaluate("len(pad.drawing)") == str(len(EXAMPLES[6].drawing))


def test_after_a_restart_the_cells_make_a_new_pad(pad: PadPage) -> None:
    replay(pad, EXAMPLES[6].drawing)
    pad.restart_kernel()
    pad.run_all_cells()
    pad.wait_until_ready()
    expect(pad.digit).to_be_empty()
    replay(pad, EXAMPLES[6].drawing)
    expect(pad.digit).to_have_text("5")
