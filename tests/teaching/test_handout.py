from pathlib import Path
from zipfile import ZipFile

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from mnistlab.teaching.handout import write_handout


def test_a_handout_has_neither_solutions_nor_outputs(tmp_path: Path) -> None:
    solution = {"tags": ["solution"], "jupyter": {"source_hidden": True}}
    cells = [
        new_markdown_cell("# Why?"),
        new_code_cell("6 * 7", execution_count=1, outputs=[new_output("execute_result", {"text/plain": "42"})]),
        new_code_cell("explain()", metadata={"tags": ["lesson"]}),
        new_markdown_cell("## Solutions", metadata={"tags": ["solution"]}),
        new_code_cell("the_answer()", metadata=solution),
    ]
    source = tmp_path / "01_why.ipynb"
    nbformat.write(new_notebook(cells=cells), source)
    before = source.read_bytes()

    write_handout([source], tmp_path / "for-class.zip")
    with ZipFile(tmp_path / "for-class.zip") as handout:
        assert handout.namelist() == ["for-class/01_why.ipynb"]
        given = nbformat.reads(handout.read("for-class/01_why.ipynb").decode(), as_version=4)
    nbformat.validate(given)
    assert [cell.source for cell in given.cells] == ["# Why?", "6 * 7", "explain()"]
    assert [(cell.outputs, cell.execution_count) for cell in given.cells[1:]] == [([], None)] * 2
    assert source.read_bytes() == before
    assert {path.name for path in tmp_path.iterdir()} == {"01_why.ipynb", "for-class.zip"}
