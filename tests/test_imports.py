"""Who may import whom, and what must not wait for TensorFlow."""

import ast
import re
import subprocess
import sys
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import nbformat
import pytest

import mnistlab

PACKAGE = Path(mnistlab.__file__).parent

NOTEBOOKS = sorted((PACKAGE.parent / "notebooks").glob("*.ipynb"))

LAYERS = [
    {"errors"},
    {"system"},
    {"picture_files"},
    {"strokes", "pictures", "logits"},
    {"preprocessing"},
    {"datasets", "litert", "reading"},
    {"keeping"},
    {"model", "data", "prediction", "attributions"},
    {"runs", "evaluation", "inside", "teaching"},
    {"plots", "widgets", "web"},
    {"training", "pad"},
    {"execution"},
    {"sweeps"},
    {"benchmarks", "commands"},
    {"cli"},
]
"""Front doors and folders, the lowest first: each imports from the layers below it and from itself."""

OPEN_FOLDER = "mnistlab.pictures"
"""A front door that is a folder: what people import from it stands in its ``__init__``."""

KERAS = "mnistlab.system.backend"
"""The one module that imports Keras."""

WITH_KERAS = {"model", "training", "benchmarks"}
"""Who may import that one."""


def modules() -> dict[str, Path]:
    """Return all modules of the package with their files; a folder's ``__init__`` has the folder's name."""
    names = {}
    for path in PACKAGE.rglob("*.py"):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        names[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return names


MODULES = modules()


@cache
def imports(name: str, top_level: bool = False) -> set[str]:
    """Return the package's own modules that a module names: anywhere, also late or for types, or only at its top."""
    return {module for module in named_in(MODULES[name], top_level) & MODULES.keys() if module != "mnistlab"}


def named_in(path: Path, top_level: bool) -> set[str]:
    """Return all that a file imports, and what it imports from."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found: set[str] = set()
    for node in tree.body if top_level else ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found


def place(name: str) -> str:
    """Return the front door or folder of a module: what stands at the top of the package."""
    return name.split(".")[1]


def layer(name: str) -> int:
    return next(number for number, places in enumerate(LAYERS) if place(name) in places)


PARTS = sorted(MODULES.keys() - {"mnistlab"})


def test_every_module_has_its_place() -> None:
    assert {place(name) for name in PARTS} == set.union(*LAYERS)


@pytest.mark.parametrize("name", PARTS)
def test_a_module_imports_only_from_below(name: str) -> None:
    for other in imports(name):
        assert place(other) == place(name) or layer(other) < layer(name), f"{name} imports {other}"


def test_there_is_no_circle_not_even_of_late_imports() -> None:
    graph = {name: imports(name) for name in PARTS}
    assert len(list(TopologicalSorter(graph).static_order())) == len(PARTS)


def statements(name: str) -> list[ast.stmt]:
    """Return what a module holds after its docstring."""
    docstring, *rest = ast.parse(MODULES[name].read_text(encoding="utf-8")).body
    assert isinstance(docstring, ast.Expr)
    return rest


@pytest.mark.parametrize("name", [name for name, path in MODULES.items() if path.name == "__init__.py"])
def test_a_folder_itself_holds_nothing_but_its_docstring(name: str) -> None:
    if name != OPEN_FOLDER:
        assert [ast.unparse(node).split(" = ")[0] for node in statements(name)] in ([], ["__version__"])


def test_the_folder_that_people_import_from_holds_imports_alone() -> None:
    *imported, names = statements(OPEN_FOLDER)
    assert all(isinstance(node, ast.ImportFrom) for node in imported)
    assert ast.unparse(names).startswith("__all__ = ")


def test_modules_are_short_and_folders_are_small() -> None:
    assert [name for name, path in MODULES.items() if len(path.read_text(encoding="utf-8").splitlines()) > 200] == []
    folders = {path.parent for path in MODULES.values()} - {PACKAGE}
    assert [folder.name for folder in folders if len(list(folder.glob("[!_]*.py"))) > 9] == []


def test_keras_is_imported_only_where_networks_are_made_and_trained() -> None:
    assert {place(name) for name in PARTS if KERAS in imports(name)} <= WITH_KERAS
    for name, path in MODULES.items():
        assert name == KERAS or not re.search(r"^ *(import|from) keras", path.read_text(encoding="utf-8"), re.MULTILINE)


@cache
def waits_for_keras(name: str) -> bool:
    """Whether importing a module imports Keras, by what it and those that it imports name at their top."""
    return name == KERAS or any(map(waits_for_keras, imports(name, top_level=True)))


@pytest.mark.slow
def test_whoever_neither_builds_nor_trains_does_not_wait_for_tensorflow() -> None:
    light = [name for name in PARTS if not waits_for_keras(name)]
    assert {place(name) for name in PARTS if name not in light} <= WITH_KERAS | {"system"}
    program = f"import sys, {', '.join(light)}; print([n for n in ('tensorflow', 'keras') if n in sys.modules])"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"


def test_no_test_file_imports_tensorflow_before_its_tests_run() -> None:
    """Each worker imports all of them: see SERIAL in tests/conftest.py."""
    slow = {"tensorflow", "keras", "mlflow"} | {name for name in PARTS if waits_for_keras(name)}
    files = Path(__file__).parent.rglob("*.py")
    assert {path.name: named for path in files if (named := named_in(path, top_level=True) & slow)} == {}


EVALUATES = {"eval", "exec", "query", "read_pickle", "pickle", "cloudpickle", "joblib", "marshal", "shelve", "dill"}
"""Names of what executes text or data."""


@pytest.mark.parametrize("path", [*MODULES.values(), *NOTEBOOKS], ids=lambda path: path.stem)
def test_nothing_executes_what_it_reads(path: Path) -> None:
    """Neither conditions, parameters nor files: what others wrote is data."""
    if path.suffix == ".py":
        sources = [path.read_text(encoding="utf-8")]
    else:
        sources = [cell.source for cell in nbformat.read(path, 4).cells if cell.cell_type == "code"]
    nodes = [node for source in sources for node in ast.walk(ast.parse(source))]
    called = {ast.unparse(node.func).rpartition(".")[2] for node in nodes if isinstance(node, ast.Call)}
    imported = {part for node in nodes if isinstance(node, ast.alias) for part in node.name.split(".")}
    assert not (called | imported) & EVALUATES
