"""03_evaluate as it runs in an open notebook, on a run that somebody has trained, with the twelve example drawings."""

import shutil
from pathlib import Path

import nbformat
import pooch
import pytest
from nbclient import NotebookClient

from mnistlab.execution.plan import find_notebook
from mnistlab.prediction import PRETRAINED
from mnistlab.runs.registry import find_run, list_runs
from mnistlab.runs.run import Run
from mnistlab.system.run_files import MODEL, WEIGHTS
from mnistlab.teaching.tags import SOLUTION, tags_of


@pytest.fixture(scope="module")
def executed(tmp_path_factory: pytest.TempPathFactory) -> tuple[nbformat.NotebookNode, Path]:
    """The executed notebook, and the folder of the runs: a trained one, and the evaluation."""
    folder = tmp_path_factory.mktemp("project")
    reports = folder / "reports"
    trained = Run(reports / "02_train-abcd1234")
    trained.path.mkdir(parents=True)
    for name in (MODEL, WEIGHTS):
        shutil.copy(PRETRAINED / name, trained.path / name)
    metrics = {"validation_accuracy": 0.97, "epochs": 6}
    trained.update(notebook="02_train", state="complete", dataset={"name": "digits"}, metrics=metrics)

    rendered = Path(pooch.os_cache("mnistlab")) / "rendered"
    notebook = nbformat.read(find_notebook("03_evaluate"), as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell("import sys\nprint('tensorflow' in sys.modules)"))
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {"MNISTLAB_REPORTS_DIR": reports, "XDG_CACHE_HOME": folder, "HOME": folder}.items():
            patch.setenv(name, str(value))
        patch.delenv("MNISTLAB_DATA_DIR", raising=False)
        share_rendered(rendered)
        NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(folder)}}).execute()
    return notebook, reports


def share_rendered(rendered: Path) -> None:
    """Use the images that are rendered for all tests in the cache of now, which is empty."""
    rendered.mkdir(parents=True, exist_ok=True)
    shared = Path(pooch.os_cache("mnistlab")) / rendered.name
    shared.parent.mkdir()
    shared.symlink_to(rendered)


@pytest.fixture
def output(executed: tuple[nbformat.NotebookNode, Path]) -> str:
    """All that the notebook put out as text or as a table, its solutions aside."""
    cells = [cell for cell in executed[0].cells if SOLUTION not in tags_of(cell)]
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    data = [str(output.get("data", {}).get(kind, "")) for output in outputs for kind in ("text/plain", "text/html")]
    return "\n".join([output.get("text", "") for output in outputs] + data)


def test_the_trained_run_is_tested_afterwards(
    executed: tuple[nbformat.NotebookNode, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MNISTLAB_REPORTS_DIR", str(executed[1]))
    trained = find_run("latest")
    (evaluated,) = [run for run in list_runs() if run.notebook == "03_evaluate"]
    assert trained.name == "02_train-abcd1234"
    assert 0.9 < trained.metrics["test_accuracy"] <= 1
    assert trained.metrics["validation_accuracy"] == 0.97
    assert evaluated.metrics.items() <= trained.metrics.items()
    assert evaluated.state == trained.state == "complete"
    assert not str(trained.accuracy).endswith("(validation)")


def test_twelve_drawings_are_called_few_and_nothing_is_concluded(
    executed: tuple[nbformat.NotebookNode, Path], output: str
) -> None:
    assert "only 12 drawings, too few to say how well a model reads them" in output
    assert "Using the 12 example drawings instead of UJI's" in output
    after = output[output.index("only 12 drawings") :]
    assert "100.00%" not in after
    run = Run(executed[1] / "02_train-abcd1234")
    assert not [name for name in run.metrics if name.startswith(("drawn", "deletion"))]
    assert run.record.extra["drawn_digits"]["count"] == run.record.extra["deletion"]["count"] == 12


def test_the_model_that_ships_answers_as_itself(executed: tuple[nbformat.NotebookNode, Path], output: str) -> None:
    assert "images read by the first alone: 0, by the second alone: 0; neither is better by more than luck" in output
    compared = Run(executed[1] / "02_train-abcd1234").record.extra["compared"]
    assert (compared["against"], compared["p_value"]) == ("", 1.0)
    assert "0 labels of this test set are doubted by people, 0 of them are misread here" in output


def test_it_waits_for_no_tensorflow(executed: tuple[nbformat.NotebookNode, Path]) -> None:
    assert executed[0].cells[-1].outputs[0].text == "False\n"


def test_no_line_is_a_test_that_is_always_true(output: str) -> None:
    assert ": True" not in output
