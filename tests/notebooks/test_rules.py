"""The rules that a notebook must keep to be committed."""

import ast
import re
import statistics
from pathlib import Path

import nbformat
import pytest
from notebook_masks import sanitize

from mnistlab.benchmarks.scenes.kinds import ALL, GROUPS
from mnistlab.data import DATASETS
from mnistlab.datasets.drawings import DRAWINGS
from mnistlab.execution.parameters import read_parameters
from mnistlab.execution.plan import notebooks
from mnistlab.runs.registry import WHICH
from mnistlab.system.files import project_dir
from mnistlab.teaching.course import EVENINGS
from mnistlab.teaching.tags import LESSON, SOLUTION
from mnistlab.training.presets import AS_PRESET, PRESETS
from mnistlab.web.app import NOTEBOOK_ONLY
from mnistlab.widgets.translations import LANGUAGES

NOTEBOOKS = notebooks()

GLOSSARY = "[glossary](00_start.ipynb#Glossary)"


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def path(request: pytest.FixtureRequest) -> Path:
    return Path(request.param)


@pytest.fixture
def cells(path: Path) -> list[nbformat.NotebookNode]:
    return list(nbformat.read(path, as_version=4).cells)


@pytest.fixture
def code(cells: list[nbformat.NotebookNode]) -> list[nbformat.NotebookNode]:
    return [cell for cell in cells if cell.cell_type == "code"]


def tags(cell: nbformat.NotebookNode) -> list[str]:
    return list(cell.metadata.get("tags", []))


def lines(cell: nbformat.NotebookNode) -> int:
    return len([line for line in cell.source.splitlines() if line.strip()])


def test_there_are_notebooks() -> None:
    assert [path.stem for path in NOTEBOOKS] == [
        "00_start",
        "01_explore_data",
        "02_train",
        "03_evaluate",
        "04_draw",
        "05_inside",
        "08_robustness",
        "09_compare_runs",
        "10_benchmark",
        "11_sweep_cost",
        "12_pictures",
    ]


def test_the_first_cell_asks_a_question_and_says_what_is_needed(
    cells: list[nbformat.NotebookNode],
) -> None:
    first = cells[0].source
    assert re.match(r"# .+\?\n", first)
    for word in ("*Reads:*", "*Writes:*", "*Takes:*", "*Next:*"):
        assert word in first


def test_words_are_explained_in_one_place(path: Path, cells: list[nbformat.NotebookNode]) -> None:
    assert GLOSSARY in cells[0].source or any(cell.source.startswith("## Glossary") for cell in cells)


def test_links_lead_to_notebooks_of_the_course(cells: list[nbformat.NotebookNode]) -> None:
    known = {path.stem for path in NOTEBOOKS} | {*EVENINGS}
    linked = {name for cell in cells for name in re.findall(r"\]\(([^):]+)\.ipynb", cell.source)}
    assert linked <= known


def test_the_last_cell_says_what_we_learned_and_has_three_to_five_exercises(
    cells: list[nbformat.NotebookNode],
) -> None:
    assert cells[-1].source.startswith("## What we learned")
    assert 3 <= len(exercises(cells)) <= 5


def exercises(cells: list[nbformat.NotebookNode]) -> list[str]:
    """The numbers of the exercises in the last cell."""
    return re.findall(r"^(\d)\. ", cells[-1].source.partition("\nExercises:\n")[2], re.MULTILINE)


def test_before_it_stands_a_solution_of_each_exercise_folded(cells: list[nbformat.NotebookNode]) -> None:
    solutions = [cell for cell in cells if SOLUTION in tags(cell)]
    assert solutions == cells[-1 - len(solutions) : -1]
    heading = solutions[0]
    assert heading.source == "## Solutions"
    assert heading.metadata.get("jp-MarkdownHeadingCollapsed"), "make notebooks folds it"
    assert all(cell.metadata.get("jupyter") == {"source_hidden": True} for cell in solutions if is_code(cell))
    solved = [number for cell in solutions for number in re.findall(r"^\*\*(\d)\.\*\*", cell.source)]
    assert solved == exercises(cells) == [str(number + 1) for number in range(len(solved))]
    assert sum(map(is_code, solutions)) >= len(solved), "answers are computed"


def is_code(cell: nbformat.NotebookNode) -> bool:
    return bool(cell.cell_type == "code")


def test_tags_are_those_that_somebody_reads(cells: list[nbformat.NotebookNode]) -> None:
    known = {"parameters", "nbval-ignore-output", NOTEBOOK_ONLY, SOLUTION, LESSON}
    assert {tag for cell in cells for tag in tags(cell)} <= known


def test_the_parameters_are_one_cell_of_literals_with_type_and_reason(code: list[nbformat.NotebookNode]) -> None:
    (parameters,) = [cell for cell in code if "parameters" in tags(cell)]
    assert code.index(parameters) == 1, "after the imports"
    for line in parameters.source.splitlines():
        statement, _, comment = line.partition("  # ")
        (node,) = ast.parse(statement).body
        assert isinstance(node, ast.AnnAssign)
        assert ast.unparse(node.annotation) in ("str", "int", "float", "bool")
        assert node.value is not None
        ast.literal_eval(node.value)
        assert comment
        assert "=" not in comment, "papermill would take it for an assignment"


def test_numbers_have_bounds_and_choices_are_those_of_the_library(path: Path) -> None:
    choices = {
        "dataset": (AS_PRESET, *DATASETS) if path.stem == "02_train" else DATASETS,
        "preset": tuple(PRESETS),
        "drawings": DRAWINGS,
        "kinds": (ALL, *GROUPS),
        "language": tuple(LANGUAGES),
        "which": WHICH,
    }
    for name, parameter in read_parameters(path).items():
        assert parameter.bounds or parameter.type not in (int, float), name
        assert parameter.choices == choices.get(name)
        assert parameter.parse(parameter.default) == parameter.default


def test_cells_are_short_and_define_no_functions(code: list[nbformat.NotebookNode]) -> None:
    assert max(map(lines, code)) <= 15
    assert statistics.median(map(lines, code)) <= 5
    for cell in code:
        for node in ast.walk(ast.parse(cell.source)):
            assert not isinstance(node, ast.FunctionDef | ast.ClassDef)
        assert not re.search(r"^\s*[!%]|chdir|\.\./|['\"]/", cell.source, re.MULTILINE)


def printed_text(output: nbformat.NotebookNode) -> str:
    """The text of an output as nbval compares it, masked."""
    return sanitize(output.get("text") or output.get("data", {}).get("text/plain", ""))


def may_differ(output: nbformat.NotebookNode) -> bool:
    """Whether an output holds something that the sanitising file does not mask: a table, a number, a dataset's name."""
    if output.output_type == "display_data" and not output.data.keys() & {"image/png", "text/html"}:
        return True  # a live view, saved as its last state
    text = re.sub(r"\b\d\d_[a-z_]+", "", printed_text(output))
    return "text/html" in output.get("data", {}) or bool(re.search(rf"\d|\b({'|'.join(DATASETS)})\b", text))


def test_it_was_run_from_top_to_bottom(code: list[nbformat.NotebookNode]) -> None:
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))


def test_nbval_compares_the_text_of_at_least_four_cells(code: list[nbformat.NotebookNode]) -> None:
    checked = [cell for cell in code if "nbval-ignore-output" not in tags(cell)]
    assert len([cell for cell in checked if any(map(printed_text, cell.outputs))]) >= 4


def test_only_outputs_that_may_differ_are_not_compared(code: list[nbformat.NotebookNode]) -> None:
    for cell in code:
        if "nbval-ignore-output" in tags(cell):
            assert any(map(may_differ, cell.outputs)), f"needs no nbval-ignore-output: {cell.source}"


def test_no_output_is_a_test_for_the_reader(code: list[nbformat.NotebookNode]) -> None:
    for cell in code:
        for output in cell.outputs:
            assert not re.search(r": (True|False)$", printed_text(output), re.MULTILINE), cell.source


def test_no_cell_prints_whether_something_holds(code: list[nbformat.NotebookNode]) -> None:
    for cell in code:
        for node in ast.walk(ast.parse(cell.source)):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "print":
                shown = [part.value for part in ast.walk(node) if isinstance(part, ast.FormattedValue)]
                assert not any(map(is_test, [*node.args, *shown])), f"use assert: {ast.unparse(node)}"


def is_test(node: ast.expr) -> bool:
    """Whether an expression is a comparison or another test that yields True or False."""
    if isinstance(node, ast.Call):
        return ast.unparse(node.func).rpartition(".")[2] in ("all", "any", "bool", "exists", "isinstance", "allclose")
    return isinstance(node, ast.Compare) or (isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not))


def test_a_picture_comes_with_the_number_that_it_shows(code: list[nbformat.NotebookNode]) -> None:
    for before, cell in zip(code, [*code[1:], None], strict=True):
        if any("image/png" in output.get("data", {}) for output in before.outputs):
            texts = [
                output for part in (before, cell) if part for output in part.outputs if output.output_type == "stream"
            ]
            assert texts, before.source


def test_nothing_of_this_machine_and_no_widget_state_is_committed(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    assert set(notebook.metadata) - {"title"} == {"kernelspec", "language_info"}
    assert notebook.metadata.kernelspec == {"display_name": "Python 3", "language": "python", "name": "python3"}
    text = path.read_text()
    assert "Traceback" not in text
    assert str(project_dir()) not in text
    assert "ipywidgets.Output" not in text


def test_no_widget_is_saved_that_cannot_be_shown_without_a_kernel(code: list[nbformat.NotebookNode]) -> None:
    kinds = [kind for cell in code for output in cell.outputs for kind in output.get("data", {})]
    assert "application/vnd.jupyter.widget-view+json" not in kinds
