"""One training loop, driven by one frozen config."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from itertools import count
from math import cos, pi
from pathlib import Path

import numpy as np

from mnistlab.data import Digits
from mnistlab.errors import require_extra
from mnistlab.logits import CLASSES
from mnistlab.model import build_model
from mnistlab.preprocessing import SIDE, model_input
from mnistlab.runs.history import History
from mnistlab.system.backend import keras
from mnistlab.training.augmentation import Augmentation
from mnistlab.training.checkpoints import Checkpoints
from mnistlab.training.presets import TrainConfig
from mnistlab.training.progress import Progress, live_progress


def train(
    config: TrainConfig,
    train: Digits,
    validation: Digits,
    run_dir: Path,
    progress: Progress | None = None,
    tensorboard: bool = False,
) -> History:
    """Train a model, keeping the weights of the epoch that the config asks for: the best or the last.

    Called again with the same config, data and folder it goes on after the last finished epoch, and
    comes to the same numbers as if it had not been interrupted.

    Parameters
    ----------
    config : TrainConfig
    train, validation : Digits
    run_dir : Path
        Gets ``checkpoints/best.weights.h5``, ``history.csv`` and ``history.png``; `calibrate_and_export`
        of `mnistlab.training.export` adds the rest.
    progress : Progress, optional
        Who is told; chosen by where the process runs if left out.
    tensorboard : bool
        Also write TensorBoard's event files, into ``tensorboard/`` in the folder.

    Returns
    -------
    History
        The finished epochs. A training that was stopped in its first epoch has that one, cut short.

    Raises
    ------
    WorkbenchError
        If TensorBoard is asked for and not installed.
    """
    progress = progress or live_progress()
    steps, epochs = config.steps_on(len(train)), config.epochs_on(len(train))
    checkpoints = Checkpoints(epochs, config.patience, run_dir, progress)
    learner = checkpoints.resume(_origin(config, train, validation), steps) or _learner(config)
    progress.begin(checkpoints.history, epochs, steps)
    if not checkpoints.finished:
        learner.fit(
            _batches(config, train, first_epoch=len(checkpoints.history)),
            steps_per_epoch=steps,
            initial_epoch=len(checkpoints.history),
            epochs=epochs,
            validation_data=(model_input(validation.images), _one_hot(validation.labels)),
            validation_batch_size=1000,
            callbacks=[
                checkpoints,
                *([_OneCycle(config, epochs * steps)] if config.warmup_fraction else []),
                *([_event_files(run_dir)] if tensorboard else []),
            ],
            shuffle=False,  # the batches come shuffled
            verbose=0,
        )
    progress.end(checkpoints.history)
    return checkpoints.history


def _origin(config: TrainConfig, train: Digits, validation: Digits) -> str:
    """What a checkpoint was made from: another config or other data must not go on with it."""
    return json.dumps({**asdict(config), "train": train.sha256, "validation": validation.sha256})


def _learner(config: TrainConfig) -> keras.Model:
    """The model behind the distortion that it learns under, ready to be fitted."""
    keras.utils.set_random_seed(config.seed)
    distorted = [Augmentation(asdict(config.distortion), config.seed)] if config.distortion else []
    learner = keras.Sequential([keras.Input((SIDE, SIDE, 1)), *distorted, build_model(config.architecture)])
    learner.compile(
        keras.optimizers.AdamW(config.learning_rate, weight_decay=config.weight_decay),
        keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=config.label_smoothing),
        metrics=["accuracy"],
    )
    return learner


class _OneCycle(keras.callbacks.Callback):
    """Sets the step size before each step: it rises to the config's, then falls to 0 along a cosine.

    Keras's own schedules would do so inside the graph, once for each weight: a third of the time of `fast`.
    """

    def __init__(self, config: TrainConfig, steps: int) -> None:
        super().__init__()
        self.rise, self.steps, self.highest = round(config.warmup_fraction * steps), steps, config.learning_rate

    def on_train_batch_begin(self, batch: int, logs: dict[str, float] | None = None) -> None:
        step = int(self.model.optimizer.iterations)
        falling = max(0, step - self.rise) / (self.steps - self.rise)
        self.model.optimizer.learning_rate = self.highest * min((step + 1) / self.rise, (1 + cos(pi * falling)) / 2)


def _event_files(run_dir: Path) -> keras.callbacks.Callback:
    """What writes the curves for TensorBoard, epoch by epoch."""
    require_extra("tensorboard")
    return keras.callbacks.TensorBoard(str(run_dir / "tensorboard"), write_graph=False)


def _batches(config: TrainConfig, train: Digits, first_epoch: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Shuffled batches without end; the order within an epoch depends on nothing but seed and epoch.

    The few images that do not fill a batch sit that epoch out: for another shape TensorFlow would build another graph.
    """
    for epoch in count(first_epoch):
        order = np.random.default_rng((config.seed, epoch)).permutation(len(train))
        for step in range(config.steps_on(len(train))):
            chosen = order[step * config.batch_size : (step + 1) * config.batch_size]
            yield model_input(train.images[chosen]), _one_hot(train.labels[chosen])


def _one_hot(labels: np.ndarray) -> np.ndarray:
    """Probabilities `(N, 10)`, as a loss with label smoothing needs them."""
    return np.eye(CLASSES, dtype=np.float32)[labels]
