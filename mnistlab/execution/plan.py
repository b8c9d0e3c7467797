"""What is to be run: a notebook, and all that decides its result."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from mnistlab.data import load_dataset
from mnistlab.datasets.digits import Digits
from mnistlab.datasets.download import fetch
from mnistlab.datasets.drawings import load_drawings
from mnistlab.datasets.sources import UNIPEN
from mnistlab.errors import ParameterError, require_extra
from mnistlab.execution.parameters import Value, fill_in, read_parameters, require_text
from mnistlab.litert import recorded_sha256
from mnistlab.prediction import PRETRAINED
from mnistlab.runs import provenance
from mnistlab.runs.record import DatasetInfo
from mnistlab.runs.registry import chosen_runs, compare, find_run
from mnistlab.system.files import project_dir, reports_dir
from mnistlab.training.presets import AS_PRESET, BENCHMARKED, configure
from mnistlab.training.run_check import CONFIGURED, learns_outliers, require_images
from mnistlab.widgets.model_choice import find_models, names_of_runs

Parts = tuple[Digits, Digits] | tuple[()]
"""The train and the test part of a dataset, or nothing."""

MODELS = ("run", "against")
"""Parameters that name a trained run; empty for the model that comes along."""


@dataclass(frozen=True, eq=False)
class Plan:
    """One run before it is executed."""

    source: Path  # the notebook
    parameters: Mapping[str, Value]  # all that the notebook has
    digits: Parts  # of its dataset
    code: Mapping[str, str]  # sha256 of the notebook, of the library, and of the model that ships if that is used
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
        content = *self.code.values(), [part.sha256 for part in self.digits]
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
            If a parameter is not valid, alone or together with others, or the run or the data that the notebook
            reads is not there.
        """
        for given in (*parameters, *parameters.values()):
            require_text(given)
        parameters = fill_in(self.source.stem, self.known, parameters)
        dataset = str(parameters.get("dataset", ""))
        if dataset == AS_PRESET:
            dataset = configure(str(parameters["preset"])).dataset
            parameters = {**parameters, "dataset": dataset}
        if parameters.get("tensorboard"):
            require_extra("tensorboard")
        parameters, dataset, uses_pretrained = _with_runs(parameters, dataset)
        if parameters.get("drawings"):  # downloaded here; "auto" stands for a set of drawings
            parameters = {**parameters, "drawings": load_drawings(str(parameters["drawings"]))[0]}
        if learns_outliers(parameters):
            fetch(UNIPEN)  # it has them
        digits = self._load(dataset) if dataset else ()
        check_together(self.source.stem, parameters, digits)
        model = {"model": recorded_sha256(PRETRAINED) or ""} if uses_pretrained else {}
        return Plan(self.source, parameters, digits, {**self._code, **model})


def _with_runs(parameters: dict[str, Value], dataset: str) -> tuple[dict[str, Value], str, bool]:
    """Put names of runs where "latest" stands; also return the run's dataset, and whether the shipped model is used."""
    named = {name: find_run(str(parameters[name])) for name in MODELS if parameters.get(name)}
    if isinstance(several := parameters.get("runs"), str):  # elsewhere it is their number
        parameters = {**parameters, "runs": names_of_runs(find_models(several))}
    uses_pretrained = isinstance(several, str) or any(parameters.get(name) == "" for name in MODELS)
    dataset = str(named["run"].dataset) if "run" in named else dataset
    return {**parameters, **{name: run.name for name, run in named.items()}}, dataset, uses_pretrained


def check_together(notebook: str, parameters: Mapping[str, Value], digits: Sequence[Digits] = ()) -> None:
    """Check the parameters of a notebook that may be valid one by one but not together.

    Parameters
    ----------
    notebook : str
    parameters : mapping of str to value
        All that it has.
    digits : pair of Digits
        The train and the test part of its dataset, if it has one.

    Raises
    ------
    ParameterError, RunError
        The message names the parameters that do not go together, and says what to do.
    """
    if notebook in TOGETHER:
        TOGETHER[notebook](parameters, digits)


def _check_training(parameters: Mapping[str, Value], digits: Sequence[Digits]) -> None:
    chosen: dict[str, Any] = {name: parameters[name] for name in CONFIGURED}
    require_images(configure(**chosen), digits[0], int(parameters["train_size"]))


def _check_benchmark(parameters: Mapping[str, Value], digits: Sequence[Digits]) -> None:
    for preset in BENCHMARKED:
        require_images(configure(preset), digits[0], int(parameters["train_size"]))


def _check_comparison(parameters: Mapping[str, Value], digits: Sequence[Digits]) -> None:
    from mnistlab.evaluation.comparison import comparable  # pandas and SciPy: slow to import

    runs = compare(chosen_runs(str(parameters["which"]), find_notebook(str(parameters["notebook"])).stem))
    comparable(runs, str(parameters["metric"]), str(parameters["where"]))


def _check_sweeps(parameters: Mapping[str, Value], digits: Sequence[Digits]) -> None:
    runs, workers = parameters["runs"], parameters["most_workers"]
    if runs and int(runs) < int(workers):
        raise ParameterError(f"runs {runs} with most_workers {workers} leaves workers idle: take {workers} or more")
    if runs:
        for_each = {name: parameters[name] for name in ("train_size", "epochs")}
        Planner(str(parameters["notebook"])).plan({"dataset": "auto", "seed": 0, **for_each})


TOGETHER: Mapping[str, Callable[[Mapping[str, Value], Sequence[Digits]], None]] = {
    "02_train": _check_training,
    "09_compare_runs": _check_comparison,
    "11_sweep_cost": _check_sweeps,
    "10_benchmark": _check_benchmark,
}
"""What checks the parameters of a notebook together."""


def notebooks() -> list[Path]:
    """Return the project's notebooks in their order."""
    return sorted((project_dir() / "notebooks").glob("[0-9]*.ipynb"))


def find_notebook(name: str) -> Path:
    """Return the notebook of that name, with or without folder and ending; ParameterError if there is none."""
    for path in notebooks():
        if path.stem == Path(name).stem:
            return path
    raise ParameterError(f"no notebook {name}: choose one of {', '.join(path.stem for path in notebooks())}")
