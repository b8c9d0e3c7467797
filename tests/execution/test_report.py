"""Reports of runs whose texts, notebooks and outputs were written to run something in the reader's browser."""

import json
from pathlib import Path

import nbformat
import pandas as pd
import pytest

from mnistlab.execution.report import clean, export_html
from mnistlab.plots.tables import SortableTable
from mnistlab.runs.run import Run

PAYLOADS = [
    "<script>document.title='x'</script>",
    "<img src=x onerror=\"document.title='x'\">",
    "</title></style></script><script>document.title='x'</script>",
    "<a href=\"javascript:document.title='x'\">link</a>",
    "<svg onload=\"document.title='x'\"><style><img src=x onerror=\"document.title='x'\"></style></svg>",
    "<iframe srcdoc=\"<script>parent.document.title='x'</script>\"></iframe>",
    '<meta http-equiv="refresh" content="0;url=http://127.0.0.1:9/">',
    "<style><script>document.title='x'</script></style>",
    "<scr<script></script>ipt>document.title='x'</scr<script></script>ipt>",
]


def hostile_run(reports: Path) -> Run:
    """Return a run with these texts in each part of its record, of its notebook, and of what that shows."""
    run = Run(reports / "03_evaluate-abcd")
    run.path.mkdir(parents=True)
    text = "".join(PAYLOADS)
    run.update(
        notebook=text,
        state="failed",
        error={"message": text, "traceback": text},
        dataset={"name": text, "sha256": {"train": text[:8], "test": text[:8]}},
        parameters={text: text, "list": [text]},
        metrics={"test_accuracy": 0.5, text: 0.5},
        git={"commit": text},
        versions={text: text},
        hardware=dict.fromkeys(("machine", "cores", "memory_gib", "system"), text),
        started=text,
    )
    table = SortableTable(pd.DataFrame({text: [text], "list": [[text]]}, index=pd.Index([text], name=text)))
    kinds = ["text/html", "text/markdown", "text/plain", "text/latex", "image/svg+xml", "text/vnd.mermaid"]
    kinds += ["application/javascript", "application/vnd.jupyter.widget-view+json"]
    outputs = [nbformat.v4.new_output("display_data", {kind: text}) for kind in kinds]
    outputs += [nbformat.v4.new_output("display_data", {"text/html": table._repr_html_()})]
    outputs += [nbformat.v4.new_output("display_data", {"image/png": "AAAA"}, metadata={"width": "1 onerror=alert(1)"})]
    outputs += [nbformat.v4.new_output("stream", text=text)]
    outputs += [nbformat.v4.new_output("error", ename=text, evalue=text, traceback=[text])]
    cells = [
        nbformat.v4.new_markdown_cell(f"# A title\n\n{text}\n\n[link](javascript:document.title='x')"),
        nbformat.v4.new_code_cell(f"'''{text}'''", outputs=outputs, metadata={"tags": [text]}),
        nbformat.v4.new_raw_cell(text),
    ]
    content = nbformat.v4.new_notebook(cells=cells, metadata={"title": text, "widgets": {"x": text}})
    (run.path / "evaluate.ipynb").write_text(json.dumps(content))
    return run


def test_nothing_from_a_run_is_an_element_that_runs(reports: Path) -> None:
    page = export_html(hostile_run(reports)).read_text()
    lower = page.lower()
    assert lower.count("<script") == lower.count("</script>") == 1, "the one that sorts tables"
    for forbidden in ("<iframe", "<svg", '<a href="javascript', "<img src=x", '<meta http-equiv="refresh'):
        assert forbidden not in lower, forbidden
    assert page.count("<title>") == page.count("</title>") == 1
    assert page.index("Content-Security-Policy") < page.index("<title>")
    assert "default-src 'none'; script-src 'sha256-" in page
    assert "A title</h1>" in page or "A title<" in page, "what only shows something stays"


@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
def test_cleaned_html_runs_nothing(payload: str) -> None:
    for html in (payload, f'<b title="{payload}">x</b>', payload * 3, f"<table><tr><td>{payload}</table>"):
        lower = clean(html).lower()
        for forbidden in ("<script", "<img ", "<svg", "<iframe", "<meta", 'href="javascript'):
            assert forbidden not in lower, html


def test_cleaned_html_keeps_tables_their_style_and_pictures_in_the_page() -> None:
    table = '<table class="a" id="T"><tbody><tr><td style="color: red;">1</td></tr></tbody></table>'
    html = f"<style>#T td {{color: red}}</style>{table}"
    assert clean(html) == html
    assert clean('<img src="data:image/png;base64,AAAA" alt="x">') == '<img src="data:image/png;base64,AAAA" alt="x">'
    assert clean('<img src="https://example.org/x.png">') == "<img>"
    assert clean('<a href="data:text/html,x">x</a>') == "<a>x</a>"
    assert clean('<a href="https://example.org">x</a>') == '<a href="https://example.org">x</a>'


def test_a_table_escapes_headings_names_and_values_of_any_kind() -> None:
    text = PAYLOADS[0]
    table = SortableTable(
        pd.DataFrame({text: [text, 1], "odd": [[text], "x"]}, index=pd.Index([text, 1], name=text)), {"odd": "{:.2%}"}
    )
    html = table._repr_html_().partition("<style>.mnistlab")[0].rpartition("</table>")[0]
    assert "<script>document" not in html
    assert html.count("&lt;script&gt;") == 5
