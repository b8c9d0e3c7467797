"""Who may import whom, and what must not wait for TensorFlow."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import mnistlab

PACKAGE = Path(mnistlab.__file__).parent

ORDER = [
    *["errors", "extras", "files", "cores", "quiet", "strokes", "examples", "pictures", "preprocessing"],
    *["outputs", "prediction", "datafiles", "drawn", "data", "exploration", "evaluation", "calibration"],
    *["presets", "history", "plots", "run_plots", "tables", "progress"],
    *["backend", "model", "augmentation", "journal", "training", "finishing", "benchmark"],
    *["provenance", "parameters", "records", "store", "runs", "comparison", "mirrors", "shipping", "batch"],
    *[
        "execution",
        "plans",
        "reports",
        "reruns",
        "grids",
        "cluster",
        "outcomes",
        "worker",
        "sweep_progress",
        "sweeps",
        "scaling",
    ],
    *["catalogue", "labels", "answers", "latest", "sketch", "paper", "desk", "pad", "app", "cli_runs", "cli"],
]
"""Each module imports only from modules before it."""

WITH_TENSORFLOW = {"backend", "model", "augmentation", "journal", "training", "finishing", "benchmark"}


def imported_by(module: str) -> set[str]:
    """The package's own modules that a module names anywhere, also late or for types."""
    found = set()
    for node in ast.walk(ast.parse((PACKAGE / f"{module}.py").read_text())):
        if isinstance(node, ast.ImportFrom) and node.module == "mnistlab":
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("mnistlab."):
            found.add(node.module.split(".")[1])
        elif isinstance(node, ast.Import):
            found |= {alias.name.split(".")[1] for alias in node.names if alias.name.startswith("mnistlab.")}
    return found - {"__version__"}


def test_every_module_has_its_place() -> None:
    assert {path.stem for path in PACKAGE.glob("*.py")} == {*ORDER, "__init__"}


@pytest.mark.parametrize("module", ORDER)
def test_a_module_imports_only_from_modules_above_it(module: str) -> None:
    assert imported_by(module) <= set(ORDER[: ORDER.index(module)])


def test_the_package_itself_imports_nothing() -> None:
    assert not any(
        isinstance(node, ast.Import | ast.ImportFrom)
        for node in ast.walk(ast.parse((PACKAGE / "__init__.py").read_text()))
    )


def test_whoever_neither_trains_nor_evaluates_does_not_wait_for_tensorflow() -> None:
    light = [f"mnistlab.{module}" for module in ORDER if module not in WITH_TENSORFLOW]
    program = f"import sys, {', '.join(light)}; print([n for n in ('tensorflow', 'keras') if n in sys.modules])"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"
