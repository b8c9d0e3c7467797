"""From the weights of a training to a calibrated model that is ready to use."""

import hashlib
from pathlib import Path

import numpy as np

from mnistlab.datasets.digits import Digits
from mnistlab.evaluation.calibration import fit_evidence, fit_temperature
from mnistlab.evaluation.metrics import infer
from mnistlab.logits import CLASSES, digit_logits
from mnistlab.model import build_model
from mnistlab.runs.run import Run
from mnistlab.system.backend import keras
from mnistlab.system.files import replacing
from mnistlab.system.run_files import BEST_WEIGHTS, MODEL, WEIGHTS
from mnistlab.training.checkpoints import finished_state, require_same
from mnistlab.training.learner.examples import outliers_of
from mnistlab.training.presets import TrainConfig
from mnistlab.training.state import TrainingState, record_results


def calibrate_and_export(run_dir: Path, validation: Digits) -> float:
    """Calibrate the weights that `train` kept, and export them for prediction.

    The last layer is divided by the temperature that `mnistlab.evaluation.calibration.fit_temperature` finds on
    the validation images, so that the saved weights give calibrated logits. An eleventh logit is scaled and
    shifted by what `fit_evidence` finds on them and on the validation outliers.

    Parameters
    ----------
    run_dir : Path
        Folder for ``model.weights.h5`` and ``model.tflite``; the sha256 of the latter goes into its ``run.json``.
    validation : Digits
        The same as for `train`.

    Returns
    -------
    float
        The temperature.

    Raises
    ------
    RunError
        If nothing has been trained in the folder, or with other validation images, or if a checkpoint is damaged.
        Nothing is changed then.
    """
    state = finished_state(run_dir)
    require_same(run_dir, state.origin, {"validation": validation.sha256})
    model = load_best(run_dir)
    logits = infer(model, validation.images)
    temperature = fit_temperature(digit_logits(logits), validation.labels)
    scale, shift = np.full(logits.shape[1], 1 / temperature), np.zeros(logits.shape[1])
    if outliers := outliers_of(_config(state)):
        scale[CLASSES], shift[CLASSES] = fit_evidence(logits[:, CLASSES], infer(model, outliers[1].images)[:, CLASSES])
    kernel, bias = model.layers[-1].get_weights()
    model.layers[-1].set_weights([kernel * scale, bias * scale + shift])
    with replacing(run_dir / MODEL) as unfinished:
        model.export(unfinished, format="litert", verbose=False)
        sha256 = hashlib.sha256(unfinished.read_bytes()).hexdigest()
    if (run := Run(run_dir)).exists:
        run.update(model_sha256=sha256)
    with replacing(run_dir / WEIGHTS) as unfinished:  # last: the training counts as complete once this is there
        model.save_weights(unfinished)
    record_results(run_dir)
    return temperature


def _config(state: TrainingState) -> TrainConfig:
    """The parts of a training's configuration that decide its outliers; one of an older version has none."""
    names = {"outliers", "validation_fraction", "seed"} & state.origin.keys()
    return TrainConfig(**{name: state.origin[name] for name in names})


def load_best(run_dir: Path) -> keras.Model:
    """Return the model that `train` left in a folder: its logits are not calibrated."""
    state = finished_state(run_dir)
    model = build_model(state.origin["architecture"])
    model.load_weights(state.folder / Path(BEST_WEIGHTS).name)
    return model
