"""From the weights that a training kept to a model that is ready to use."""

import json
from pathlib import Path

from mnistlab.data import Digits
from mnistlab.evaluation.calibration import fit_temperature
from mnistlab.evaluation.metrics import infer
from mnistlab.model import build_model
from mnistlab.system.backend import keras
from mnistlab.system.files import replacing
from mnistlab.system.run_files import BEST_WEIGHTS, MODEL, ORIGIN, WEIGHTS


def calibrate_and_export(run_dir: Path, validation: Digits) -> float:
    """Calibrate the weights that `train` kept, and export them for prediction.

    The last layer is divided by the temperature that `mnistlab.evaluation.calibration.fit_temperature` finds on
    the validation images, so that whoever loads the weights has calibrated logits.

    Parameters
    ----------
    run_dir : Path
        Gets ``model.weights.h5`` and ``model.tflite``.
    validation : Digits
        As they were given to `train`.

    Returns
    -------
    float
        The temperature.
    """
    model = load_best(run_dir)
    temperature = fit_temperature(infer(model, validation.images), validation.labels)
    model.layers[-1].set_weights([part / temperature for part in model.layers[-1].get_weights()])
    with replacing(run_dir / MODEL) as unfinished:
        model.export(unfinished, format="litert", verbose=False)
    with replacing(run_dir / WEIGHTS) as unfinished:  # last: it says that the training is over
        model.save_weights(unfinished)
    return temperature


def load_trained(run_dir: Path) -> keras.Model:
    """Return the model that `finish` left in a folder: its logits are calibrated."""
    model = _untrained(run_dir)
    model.load_weights(run_dir / WEIGHTS)
    return model


def load_best(run_dir: Path) -> keras.Model:
    """Return the model that `train` left in a folder, not calibrated."""
    model = _untrained(run_dir)
    model.load_weights(run_dir / BEST_WEIGHTS)
    return model


def _untrained(run_dir: Path) -> keras.Model:
    return build_model(json.loads((run_dir / ORIGIN).read_text())["architecture"])
