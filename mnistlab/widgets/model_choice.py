"""The models that one can choose from: the one that ships with the package, and every complete run."""

import json
from dataclasses import dataclass
from pathlib import Path

from mnistlab.prediction import PRETRAINED, Predictor
from mnistlab.runs.record import RunState
from mnistlab.runs.registry import find_run, list_runs
from mnistlab.runs.snapshot import RunSnapshot
from mnistlab.system.run_files import MODEL


@dataclass(frozen=True)
class ModelChoice:
    """A trained model and what there is to say of it in a line."""

    name: str
    dataset: str  # what it learned from
    accuracy: float | None  # 0..1, on its test set; None where it was never tested
    folder: Path

    def __str__(self) -> str:
        tested = "not tested" if self.accuracy is None else f"{self.accuracy:.2%}"
        return f"{self.name}, {self.dataset}, {tested}"

    def load(self) -> Predictor:
        """Return the model, ready to use; errors are those of `Predictor.from_run`."""
        return Predictor.from_run(self.folder)


def shipped() -> ModelChoice:
    """Return the model that ships with the package."""
    card = json.loads((PRETRAINED / "card.json").read_text(encoding="utf-8"))
    return ModelChoice(card["name"], card["dataset"]["name"], card["metrics"]["test_accuracy"], PRETRAINED)


def choose(name: str = "") -> ModelChoice:
    """Return a run by its name, or the shipped model where the name is empty; errors are those of `find_run`."""
    return _of_run(find_run(name)) if name else shipped()


def choices() -> list[ModelChoice]:
    """Return the shipped model, then every complete run that left one, the newest first."""
    complete = (run for run in list_runs() if (run.path / MODEL).exists() and run.state == RunState.COMPLETE)
    return [shipped(), *map(_of_run, complete)]


def _of_run(run: RunSnapshot) -> ModelChoice:
    return ModelChoice(run.name, run.dataset or "", run.metrics.get("test_accuracy"), run.path)
