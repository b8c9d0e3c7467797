"""What others wrote reaches a report as text, never as code."""

import re
from pathlib import Path

import nbformat
import numpy as np
import pandas as pd
import pytest

from mnistlab.datasets.digits import Digits
from mnistlab.datasets.drawings import DrawingSet
from mnistlab.evaluation.drawn import DrawnAccuracy
from mnistlab.evaluation.outliers import OutlierDetection
from mnistlab.execution.report import export_html
from mnistlab.plots.html import clean, content_policy
from mnistlab.plots.tables import SortableTable
from mnistlab.runs.record import DatasetInfo, RunState
from mnistlab.runs.run import Run

Pair = tuple[Digits, Digits]

SCRIPT = "<script>document.title='gone'</script>"
EVIL = f"{SCRIPT}<img src=x onerror=document.title='gone'><a href=javascript:document.title='gone'>x</a>"
EVIL += "<meta http-equiv=refresh content='0;url=http://evil.example'><iframe src=http://evil.example></iframe>"


def evil_run(folder: Path, digits: Pair) -> Run:
    """A run with markup in every text of its record and in its executed notebook."""
    run = Run(folder / "02_train-evil")
    info = DatasetInfo.of(EVIL, *digits)
    run.path.mkdir()
    run.begin("02_train", {EVIL: EVIL, "preset": EVIL}, info, {EVIL: EVIL}, 0)
    run.update(git={"commit": EVIL, "dirty": True}, versions={EVIL: EVIL}, hardware={"machine": EVIL, "system": EVIL})
    run.finish(**{EVIL: 0.5})
    run.fail(RunState.FAILED, EVIL, EVIL)
    shown = nbformat.v4.new_output("display_data", {"text/html": EVIL + "<b onclick=x>bold</b>"})
    run_by_jupyter = nbformat.v4.new_output("display_data", {"application/javascript": "document.title='gone'"})
    streamed = nbformat.v4.new_output("stream", text=EVIL)
    svg = nbformat.v4.new_output(
        "display_data", {"image/svg+xml": f"<svg xmlns='http://www.w3.org/2000/svg'>{SCRIPT}</svg>"}
    )
    cells = [
        nbformat.v4.new_markdown_cell(f"*text* {EVIL}"),
        nbformat.v4.new_code_cell(EVIL, outputs=[shown, run_by_jupyter, streamed, svg]),
    ]
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"widgets": {"x": EVIL}}), run.path / "train.ipynb")
    return run


def test_a_report_has_one_script_and_what_others_wrote_does_not_act(
    tmp_path: Path, digits: tuple[Digits, Digits]
) -> None:
    page = export_html(evil_run(tmp_path, digits)).read_text()
    assert len(re.findall(r"<script", page)) == 1
    assert not re.search(r"<[^>&]*\son\w+\s*=|<(iframe|form|object|embed|svg)\b|<meta[^>]*refresh", page)
    assert not re.search(r"""<[^>&]*\s(href|src)=["']?(javascript:|https?://evil)""", page)
    assert "&lt;script&gt;document.title" in page, "shown as text"
    assert "<em>text</em>" in page
    assert "<b>bold</b>" in page


def test_the_policy_of_a_report_allows_its_own_script_only(tmp_path: Path, digits: Pair) -> None:
    page = export_html(evil_run(tmp_path, digits)).read_text()
    (policy,) = re.findall(r'<meta content="([^"]*)" http-equiv="Content-Security-Policy"', page)
    (script,) = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    assert policy == content_policy(script)
    assert page.index("Content-Security-Policy") < page.index("<style")
    assert "default-src 'none'" in content_policy("x") != content_policy("y")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("<table class='a'><thead><tr><th scope=col>x</th></tr></thead></table>", "<table class='a'><thead>"),
        ("<img src='data:image/png;base64,AA==' alt='plot'>", "data:image/png"),
        ("<a href='https://example.org/'>x</a>", "https://example.org/"),
        ("<h2 id='x'>Title</h2>", 'id="x"'),
    ],
)
def test_text_tables_and_pictures_stay(given: str, kept: str) -> None:
    assert kept.replace("'", '"') in clean(given)


def test_links_to_other_notebooks_become_text() -> None:
    assert (
        clean("<a href='02_train.ipynb'>02</a><a href='00_start.ipynb#Glossary'>words</a>") == "<a>02</a><a>words</a>"
    )
    assert "href" in clean("<a href='https://example.org/x.ipynb'>x</a>")


def test_foreign_pictures_styles_and_scripts_go() -> None:
    assert clean("<style>b { color: red }</style>a<SCRIPT >x</SCRIPT\n>b") == "ab"
    assert clean("<img src='http://evil.example/x.png'>") == "<img>"
    assert clean("<p style='background: url(http://evil.example)'>x</p>") in ('<p style="">x</p>', "<p>x</p>")


def test_tables_escape_what_they_show() -> None:
    table = pd.DataFrame({EVIL: [EVIL, 0.5]}, index=[EVIL, "b"])
    for html in (SortableTable(table)._repr_html_(), SortableTable(table, {EVIL: "{}"})._repr_html_()):
        assert "<img" not in html
        assert html.count("<script") == 1, "the one that sorts"
    index = pd.MultiIndex.from_tuples([(EVIL, "thin")])
    rows = pd.DataFrame({"accuracy": [0.5], "low": 0.4, "high": 0.6, "mistakes": 1}, index)
    drawn = DrawnAccuracy(EVIL, [DrawingSet(EVIL, "key", list)], 200, rows, pd.DataFrame(), 0.1, 0.01)
    assert "<script" not in drawn._repr_html_()
    assert "<script" not in OutlierDetection(pd.DataFrame(), np.zeros(0), np.zeros(0), EVIL)._repr_html_()
