"""Checks before a training: are there enough images, and was the run's folder begun for it?"""

from collections.abc import Mapping
from dataclasses import asdict
from itertools import count
from math import ceil
from pathlib import Path
from typing import Any

from mnistlab.datasets.digits import Digits
from mnistlab.errors import ParameterError, RunError
from mnistlab.logits import CLASSES
from mnistlab.runs.run import Run
from mnistlab.system.run_files import RUN_JSON
from mnistlab.training.checkpoints import require_same
from mnistlab.training.presets import TrainConfig, configure

CONFIGURED = ("preset", "dataset", "epochs", "batch_size", "learning_rate", "seed")
"""Parameters of a notebook that `configure` takes."""


def learns_outliers(parameters: Mapping[str, Any]) -> bool:
    """Whether a training with a notebook's parameters learns what is no digit, too."""
    return "preset" in parameters and configure(str(parameters["preset"])).outliers > 0


def require_images(config: TrainConfig, digits: Digits, train_size: int = 0) -> None:
    """Raise ParameterError if a sample of some digits is too small to train and validate on.

    Parameters
    ----------
    config : TrainConfig
    digits : Digits
        The training part of a dataset.
    train_size : int
        Images in the sample, as `mnistlab.data.sample` takes it.
    """
    available = len(digits)
    size = min(train_size or available, available)
    if available - CLASSES < size < available:
        raise ParameterError(
            f"train_size {size} leaves out fewer than {CLASSES} of the {available} images of dataset {digits.name}: "
            f"train_size takes 0 for all of them, or at most {available - CLASSES}"
        )
    validated = ceil(config.validation_fraction * size)
    trained = size - validated
    sample = f"train_size {size}" if size < available else f"dataset {digits.name} with all its {available} images"
    least = next(n for n in count(1) if _are_enough(config, n))
    enough = f"take train_size {least} or more" if least <= available else f"take a dataset of {least} images or more"
    if min(trained, validated) < CLASSES:
        raise ParameterError(
            f"{sample} gives {trained} images to train on and {validated} to validate on (validation_fraction "
            f"{config.validation_fraction:g}), too few for every digit in both: {enough}"
        )
    if trained < config.batch_size:
        raise ParameterError(
            f"{sample} gives {trained} images to train on, which do not fill a batch (batch_size "
            f"{config.batch_size}): {enough}, or batch_size {trained} or less"
        )


def _are_enough(config: TrainConfig, images: int) -> bool:
    """Whether a sample of so many images has every digit in both parts, and a batch to train on."""
    validated = ceil(config.validation_fraction * images)
    return validated >= CLASSES and images - validated >= max(CLASSES, config.batch_size)


def require_run_of(config: TrainConfig, train: Digits, validation: Digits, run_dir: Path) -> None:
    """Raise RunError if the folder is that of a run with other parameters, or its ``run.json`` is damaged.

    A folder without ``run.json``, or that of a notebook without presets, takes any training.

    Parameters
    ----------
    config : TrainConfig
    train, validation : Digits
        What will be trained and validated on.
    run_dir : Path
    """
    run = Run(run_dir)
    if not run.exists or "preset" not in run.parameters:
        return
    now = {**asdict(config), "train_size": len(train) + len(validation)}
    try:
        begun = _begun(run)
    except (ParameterError, AttributeError, TypeError):  # a value that no notebook has written
        raise RunError(
            f"{RUN_JSON} of {run.name} is damaged: run the cell with current_run again to begin a new run, "
            "or the command with --force"
        ) from None
    require_same(run_dir, begun, {name: value for name, value in now.items() if name in begun})


def _begun(run: Run) -> dict[str, Any]:
    """What a run was begun with: the fields of its configuration and, if it is known, the number of its images."""
    parameters = run.parameters
    begun = asdict(configure(**{name: value for name, value in parameters.items() if name in CONFIGURED}))
    dataset = run.record.dataset
    available = dataset.images.get("train") if dataset else None
    if available and "train_size" in parameters:
        begun["train_size"] = min(parameters["train_size"] or available, available)
    return begun
