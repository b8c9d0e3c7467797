"""What is to be run: a notebook, and all that decides its result."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from mnistlab.data import load_dataset
from mnistlab.datasets.digits import Digits
from mnistlab.datasets.drawings import load_drawings
from mnistlab.errors import ParameterError, require_extra
from mnistlab.execution.parameters import Value, fill_in, read_parameters
from mnistlab.runs import provenance
from mnistlab.runs.record import DatasetInfo
from mnistlab.runs.registry import find_run
from mnistlab.system.files import project_dir, reports_dir
from mnistlab.training.presets import AS_PRESET, configure

Parts = tuple[Digits, Digits] | tuple[()]
"""The train and the test part of a dataset, or nothing."""

NO_TEXT = re.compile("[\x00\ud800-\udfff]")
"""Python stands bytes that are not UTF-8 for half a character each."""


@dataclass(frozen=True, eq=False)
class Plan:
    """One run before it is executed."""

    source: Path  # the notebook
    parameters: Mapping[str, Value]  # all that the notebook has
    digits: Parts  # of its dataset
    code: Mapping[str, str]  # sha256 of the notebook and of the library
    folder: Path | None = None  # where to write, if not into the folder that its hash names

    @property
    def notebook(self) -> str:
        """Name of the notebook, ``"02_train"`` for example."""
        return self.source.stem

    @property
    def dataset(self) -> DatasetInfo | None:
        """The digits that it is about, as a run's record describes them."""
        return DatasetInfo.of(str(self.parameters.get("dataset", "")), *self.digits) if self.digits else None

    @property
    def identity(self) -> str:
        """Eight hex digits that depend on notebook, parameters, data and code."""
        content = self.code["notebook"], self.code["library"], [part.sha256 for part in self.digits]
        return provenance.fingerprint(self.notebook, self.parameters, content)

    @property
    def name(self) -> str:
        """The name of its run: notebook and identity."""
        return f"{self.notebook}-{self.identity}"

    @property
    def run_dir(self) -> Path:
        """The folder of its run."""
        return self.folder or reports_dir() / self.name


class Planner:
    """Makes plans of one notebook; what is the same for all of them is read once.

    Parameters
    ----------
    notebook : str
        Name of a notebook in ``notebooks/``.
    load : callable, optional
        Loads a dataset by name, as `mnistlab.data.load_dataset` does.

    Raises
    ------
    ParameterError
        If there is no such notebook.
    """

    def __init__(self, notebook: str, load: Callable[[str], Parts] | None = None) -> None:
        self.source = find_notebook(notebook)
        self.known = read_parameters(self.source)
        self._code = {
            "notebook": provenance.notebook_sha256(self.source),
            "library": provenance.library_sha256(),
        }
        self._load = cache(load or load_dataset)

    def plan(self, parameters: Mapping[str, Value]) -> Plan:
        """Return the plan with these parameters, the others at their defaults.

        Raises
        ------
        ParameterError, RunError, DataNotFoundError, DataDamagedError, WorkbenchError
            If a parameter is not valid, or the run or the data that the notebook reads is not there.
        """
        for given in (*parameters, *parameters.values()):
            _require_text(given)
        parameters = fill_in(self.source.stem, self.known, parameters)
        dataset = str(parameters.get("dataset", ""))
        if dataset == AS_PRESET:
            dataset = configure(str(parameters["preset"])).dataset
            parameters = {**parameters, "dataset": dataset}
        if parameters.get("tensorboard"):
            require_extra("tensorboard")
        if parameters.get("run"):  # "latest" stands for a run
            trained = find_run(str(parameters["run"]))
            parameters, dataset = {**parameters, "run": trained.name}, str(trained.dataset)
        if parameters.get("drawings"):  # downloaded here; "auto" stands for a set of drawings
            parameters = {**parameters, "drawings": load_drawings(str(parameters["drawings"]))[0]}
        return Plan(self.source, parameters, self._load(dataset) if dataset else (), self._code)


def _require_text(given: Value) -> None:
    """Raise ParameterError for bytes of a command line that are no text, and for a NUL, which no file name has."""
    if isinstance(given, str) and NO_TEXT.search(given):
        raise ParameterError(f"{given!r} is no text: write parameters and their values in UTF-8")


def notebooks() -> list[Path]:
    """Return the project's notebooks in their order."""
    return sorted((project_dir() / "notebooks").glob("[0-9]*.ipynb"))


def find_notebook(name: str) -> Path:
    """Return the notebook of that name, with or without folder and ending; ParameterError if there is none."""
    for path in notebooks():
        if path.stem == Path(name).stem:
            return path
    raise ParameterError(f"no notebook {name}: choose one of {', '.join(path.stem for path in notebooks())}")
