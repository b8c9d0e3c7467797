"""A report of a run that others wrote, in a browser."""

from pathlib import Path

import nbformat
import pandas as pd
from playwright.sync_api import Browser, expect

from mnistlab.execution.report import export_html
from mnistlab.plots.tables import SortableTable
from mnistlab.runs.run import Run

PAYLOAD = (
    "<script>document.title='x'</script><img src=x onerror=\"document.title='x'\">"
    "<a id=bad href=\"javascript:document.title='x'\">link</a>"
)


def test_a_report_runs_nothing_but_its_own_script(browser: Browser, reports: Path) -> None:
    run = Run(reports / "03_evaluate-abcd")
    run.path.mkdir(parents=True)
    run.update(
        notebook="03_evaluate",
        state="failed",
        error={"message": PAYLOAD},
        dataset={"name": PAYLOAD},
        parameters={PAYLOAD: PAYLOAD},
        metrics={PAYLOAD: 0.5},
    )
    frame = pd.DataFrame({"accuracy": [0.9, 0.1], PAYLOAD: [PAYLOAD, "a"]}, index=["b", "a"])
    shown = [PAYLOAD, SortableTable(frame)._repr_html_()]
    outputs = [nbformat.v4.new_output("display_data", {"text/html": html}) for html in shown]
    cells = [nbformat.v4.new_markdown_cell(PAYLOAD), nbformat.v4.new_code_cell("1", outputs=outputs)]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), run.path / "evaluate.ipynb")
    page = browser.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(export_html(run).as_uri())
    title = page.title()
    assert title.startswith("03_evaluate · <script>")
    head = page.get_by_role("columnheader", name="accuracy")
    head.click()
    expect(head).to_have_attribute("aria-sort", "ascending")
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"document.title=1\">')")
    page.wait_for_timeout(200)
    assert page.title() == title, "the policy forbids what would have been missed"
    assert page.locator("script").count() == 1
    assert page.locator("a[href^=javascript]").count() == 0
    assert errors == []
    page.close()
