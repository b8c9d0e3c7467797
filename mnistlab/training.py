"""One training loop, driven by one frozen config."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from itertools import count
from pathlib import Path

import numpy as np

from mnistlab.augmentation import Augmentation
from mnistlab.backend import keras
from mnistlab.data import Digits
from mnistlab.history import History
from mnistlab.journal import Journal
from mnistlab.model import build_model
from mnistlab.outputs import CLASSES
from mnistlab.preprocessing import SIDE, model_input
from mnistlab.presets import TrainConfig
from mnistlab.progress import Progress, live_progress


def train(
    config: TrainConfig, train: Digits, validation: Digits, run_dir: Path, progress: Progress | None = None
) -> History:
    """Train a model, keeping the weights of the epoch that the config asks for: the best or the last.

    Called again with the same config, data and folder it goes on after the last finished epoch, and
    comes to the same numbers as if it had not been interrupted.

    Parameters
    ----------
    config : TrainConfig
    train, validation : Digits
    run_dir : Path
        Gets ``checkpoints/best.weights.h5``, ``history.csv`` and ``history.png``; `mnistlab.finishing.finish` adds
        the rest.
    progress : Progress, optional
        Who is told; chosen by where the process runs if left out.

    Returns
    -------
    History
        The finished epochs. A training that was stopped in its first epoch has that one, cut short.
    """
    progress = progress or live_progress()
    journal = Journal(config, run_dir, progress)
    steps = _steps(config, train)
    learner = journal.resume(_origin(config, train, validation), steps) or _learner(config, steps)
    progress.begin(journal.history, config.epochs, steps)
    if not journal.finished:
        learner.fit(
            _batches(config, train, first_epoch=len(journal.history)),
            steps_per_epoch=steps,
            initial_epoch=len(journal.history),
            epochs=config.epochs,
            validation_data=(model_input(validation.images), _one_hot(validation.labels)),
            validation_batch_size=1000,
            callbacks=[journal],
            shuffle=False,  # the batches come shuffled
            verbose=0,
        )
    progress.end(journal.history)
    return journal.history


def _origin(config: TrainConfig, train: Digits, validation: Digits) -> str:
    """What a checkpoint was made from: another config or other data must not go on with it."""
    return json.dumps({**asdict(config), "train": train.sha256, "validation": validation.sha256})


def _learner(config: TrainConfig, steps: int) -> keras.Model:
    """The model behind the distortion that it learns under, ready to be fitted."""
    keras.utils.set_random_seed(config.seed)
    distorted = [Augmentation(asdict(config.distortion), config.seed)] if config.distortion else []
    learner = keras.Sequential([keras.Input((SIDE, SIDE, 1)), *distorted, build_model(config.architecture)])
    learner.compile(
        keras.optimizers.AdamW(_step_size(config, config.epochs * steps), weight_decay=config.weight_decay),
        keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=config.label_smoothing),
        metrics=["accuracy"],
    )
    return learner


def _step_size(config: TrainConfig, steps: int) -> float | keras.optimizers.schedules.LearningRateSchedule:
    """One cycle over all steps if the config asks for it: a rise, then a fall to 0 along a cosine."""
    if not config.warmup:
        return config.learning_rate
    rise = round(config.warmup * steps)
    return keras.optimizers.schedules.CosineDecay(
        config.learning_rate / 20, steps - rise, warmup_target=config.learning_rate, warmup_steps=rise
    )


def _steps(config: TrainConfig, train: Digits) -> int:
    return -(-len(train) // config.batch_size)


def _batches(config: TrainConfig, train: Digits, first_epoch: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Shuffled batches without end; the order within an epoch depends on nothing but seed and epoch."""
    for epoch in count(first_epoch):
        order = np.random.default_rng((config.seed, epoch)).permutation(len(train))
        for start in range(0, len(train), config.batch_size):
            chosen = order[start : start + config.batch_size]
            yield model_input(train.images[chosen]), _one_hot(train.labels[chosen])


def _one_hot(labels: np.ndarray) -> np.ndarray:
    """Probabilities `(N, 10)`, as a loss with label smoothing needs them."""
    return np.eye(CLASSES, dtype=np.float32)[labels]
