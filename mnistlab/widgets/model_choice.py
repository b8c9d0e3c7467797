"""The models that a user can choose from: the one that comes with the package, and every complete run."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from mnistlab.errors import ParameterError
from mnistlab.prediction import PRETRAINED, Predictor
from mnistlab.runs.record import RunState
from mnistlab.runs.registry import find_run, list_runs
from mnistlab.runs.snapshot import RunSnapshot
from mnistlab.system.files import is_there
from mnistlab.system.run_files import CARD, MODEL

MAX_COMPARED = 10
"""Models that are compared at once, at most: a chart has as many colours."""


@dataclass(frozen=True)
class ModelChoice:
    """A trained model and what the list of models says about it.

    Two are equal if they are in the same folder: a model that is tested later is still the same model.
    """

    folder: Path
    name: str = field(compare=False)
    dataset: str = field(compare=False)  # what it was trained on
    accuracy: float | None = field(compare=False)  # on that dataset's test set, 0..1; None if it was not tested

    def __str__(self) -> str:
        tested = "not tested" if self.accuracy is None else f"{self.accuracy:.2%} on {self.test_set}'s test set"
        return f"{self.name} ({tested})"

    @property
    def test_set(self) -> str:
        """The name of the dataset whose test set it was tested on: what is added for training is not in it."""
        name = self.dataset.partition("+")[0]
        return "MNIST" if name == "mnist" else name


class LoadedModel:
    """Keeps the predictor of the model that was used last: loading one takes longer than a prediction."""

    def __init__(self) -> None:
        self._kept: tuple[ModelChoice, Predictor] | None = None

    def predictor(self, model: ModelChoice) -> Predictor:
        """Return the model's predictor; loads it unless it was the last one used.

        Raises
        ------
        RunError
            If the model's folder no longer has a model.
        """
        kept = self._kept
        if kept is None or kept[0] != model:
            kept = self._kept = model, Predictor.from_run(model.folder)
        return kept[1]


def pretrained_model() -> ModelChoice:
    """Return the model that comes with the package."""
    card = json.loads((PRETRAINED / CARD).read_text(encoding="utf-8"))
    return ModelChoice(PRETRAINED, card["name"], card["dataset"]["name"], card["metrics"]["test_accuracy"])


def find_model(run: str = "") -> ModelChoice:
    """Return the model of a run, or the one that comes with the package.

    Parameters
    ----------
    run : str
        ``"latest"``, or a run's name or id; empty for the model that comes with the package.

    Raises
    ------
    RunError
        If there is no trained run of that name, or more than one.
    """
    return _model_of(find_run(run)) if run else pretrained_model()


def find_models(runs: str = "") -> dict[str, ModelChoice]:
    """Return the models of several runs, and after them the one that comes with the package.

    Parameters
    ----------
    runs : str
        Names or ids of trained runs joined by commas, ``"latest"`` among them; empty for none.

    Returns
    -------
    dict of str to ModelChoice
        By the preset that each was trained with, and by the run's id behind it where others have the same.

    Raises
    ------
    RunError
        If there is no trained run of a name, or more than one.
    ParameterError
        If a run is named twice, or there are more than nine.
    """
    found = [find_run(name.strip()) for name in runs.split(",")] if runs else []
    for name, times in Counter(run.name for run in found).items():
        if times > 1:
            raise ParameterError(f"runs names {name} {times} times: name each run once")
    if len(found) >= MAX_COMPARED:
        raise ParameterError(f"runs names {len(found)} runs: name {MAX_COMPARED - 1} at most")
    shipped = pretrained_model()
    presets = [str(run.parameters.get("preset", run.notebook)) for run in found]
    count = Counter([*presets, shipped.name])
    columns = [
        preset if count[preset] == 1 else f"{preset} {run.id}" for preset, run in zip(presets, found, strict=True)
    ]
    return {**dict(zip(columns, map(_model_of, found), strict=True)), shipped.name: shipped}


def names_of_runs(models: Mapping[str, ModelChoice]) -> str:
    """Return the names of the runs among models, joined by commas as `find_models` takes them."""
    return ",".join(model.name for model in models.values() if model.folder != PRETRAINED)


def available_models() -> list[ModelChoice]:
    """Return the model that comes with the package, then those of all complete runs, the newest first."""
    complete = (run for run in list_runs() if run.state == RunState.COMPLETE and is_there(run.path / MODEL))
    return [pretrained_model(), *map(_model_of, complete)]


def _model_of(run: RunSnapshot) -> ModelChoice:
    return ModelChoice(run.path, run.name, run.dataset or "unknown data", run.metrics.get("test_accuracy"))
