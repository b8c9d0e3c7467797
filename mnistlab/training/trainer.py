"""One training loop, driven by one frozen config."""

from dataclasses import asdict
from pathlib import Path

from mnistlab.datasets.digits import Digits
from mnistlab.errors import ParameterError
from mnistlab.model import build_model
from mnistlab.plots.training import history_png
from mnistlab.preprocessing import SIDE, model_input
from mnistlab.runs.history import History
from mnistlab.runs.run import Run
from mnistlab.system.backend import keras
from mnistlab.system.files import replacing
from mnistlab.system.run_files import HISTORY_PNG
from mnistlab.training.callbacks import OneCycle, Recorder, event_files, validation_on_part
from mnistlab.training.checkpoints import Checkpoints, TrainingLength
from mnistlab.training.interrupt import stop_when_interrupted
from mnistlab.training.learner.augmentation import Augmentation
from mnistlab.training.learner.examples import examples_of, outliers_of
from mnistlab.training.learner.objective import DigitAccuracy, OutlierExposure
from mnistlab.training.presets import TrainConfig
from mnistlab.training.progress import Progress, live_progress
from mnistlab.training.run_check import require_run_of
from mnistlab.training.snapshots.files import SnapshotWriter, discard_snapshots, snapshot_epochs


def train(
    config: TrainConfig,
    train: Digits,
    validation: Digits,
    run_dir: Path,
    progress: Progress | None = None,
    tensorboard: bool = False,
    snapshots: bool = False,
) -> History:
    """Train a model and keep the weights of its best epoch, or of its last if the config's `patience` is 0.

    If the config has `outliers`, the model also learns from images that are no digit, which are loaded here.

    Called again with the same config, data and folder, it resumes after the last finished epoch, with the
    same numbers as without the interruption. If a file that this needs is damaged, it resumes after the epoch
    before that, or begins anew; a warning in the log says so. An interrupt (Ctrl-C, or that of a notebook) ends it
    as Stop does.

    Parameters
    ----------
    config : TrainConfig
    train, validation : Digits
        In random order, as `mnistlab.data.split` returns them; at least one batch to train on.
    run_dir : Path
        Folder for ``checkpoints/``, ``history.csv`` and ``history.png``;
        `mnistlab.training.export.calibrate_and_export` adds the exported model.
    progress : Progress, optional
        Where to show the progress: by default in the terminal or in the open notebook.
    tensorboard : bool
        Also write TensorBoard's event files, into ``tensorboard/`` in the folder.
    snapshots : bool
        Also keep the weights before the training and after each epoch, in half precision, for 30 epochs at most:
        `mnistlab.training.snapshots` reads them.

    Returns
    -------
    History
        The finished epochs. A training that was stopped in its first epoch has that epoch, cut short.

    Raises
    ------
    ParameterError
        If there are fewer training images than fill a batch.
    RunError
        If the folder belongs to a run with other parameters or other data; nothing is changed then. If it cannot
        be written.
    DataNotFoundError, DataDamagedError
        If outliers are to be learned from and cannot be loaded.
    WorkbenchError
        If TensorBoard is asked for and not installed.
    KeyboardInterrupt
        If it was interrupted, once all is saved.
    """
    if len(train) < config.batch_size:
        raise ParameterError(
            f"{len(train)} training images do not fill a batch of {config.batch_size}: "
            "take more images (train_size) or a smaller batch_size"
        )
    require_run_of(config, train, validation, run_dir)
    event_writers = [event_files(run_dir)] if tensorboard else []
    progress = progress or live_progress()
    outliers = outliers_of(config)
    examples = examples_of(train, outliers[0] if outliers else None, config.drawn_smoothing)
    length = TrainingLength(config.epochs_on(len(examples)), config.steps_on(len(examples)))
    checkpoints = Checkpoints(run_dir, length, config.patience)
    images = {"train": train, "validation": validation} | ({"outlier_images": outliers[0]} if outliers else {})
    checkpoints.begin(asdict(config) | {name: digits.sha256 for name, digits in images.items()})
    learner = checkpoints.resume(keras.saving.load_model) or _learner(config)
    discard_snapshots(run_dir, after=len(checkpoints.history))
    writer = SnapshotWriter(run_dir, length.epochs) if snapshots else None
    recorder = Recorder(checkpoints, progress, validation_on_part(validation, _loss(config)), writer)
    step_size = [OneCycle(config, length.steps)] if config.warmup_fraction else []
    with stop_when_interrupted(progress):
        progress.begin(checkpoints.history, length)
        try:
            if not checkpoints.finished:
                learner.fit(
                    examples.batches(config, first_epoch=len(checkpoints.history)),
                    steps_per_epoch=length.steps_per_epoch,
                    initial_epoch=len(checkpoints.history),
                    epochs=length.epochs,
                    validation_data=(model_input(validation.images), examples_of(validation).targets),
                    validation_batch_size=1000,
                    callbacks=[recorder, *step_size, *event_writers],
                    shuffle=False,  # the batches come shuffled
                    verbose=0,
                )
        finally:
            _draw(checkpoints.history, run_dir)
            _list_snapshots(run_dir)
            progress.end(checkpoints.history, checkpoints.finished)
    return checkpoints.history


def _learner(config: TrainConfig) -> keras.Model:
    """The model behind the distortion of its training images, ready to be fitted."""
    keras.utils.set_random_seed(config.seed)
    distorted = [Augmentation(asdict(config.distortion), config.seed)] if config.distortion else []
    learner = keras.Sequential([keras.Input((SIDE, SIDE, 1)), *distorted, build_model(config.architecture)])
    learner.compile(
        keras.optimizers.AdamW(config.learning_rate, weight_decay=config.weight_decay),
        _loss(config),
        metrics=[DigitAccuracy()],
    )
    return learner


def _loss(config: TrainConfig) -> keras.losses.Loss:
    if config.outliers:
        return OutlierExposure(config.label_smoothing, config.outliers)
    return keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=config.label_smoothing)


def _draw(history: History, run_dir: Path) -> None:
    """Draw the curves up to the last finished epoch."""
    finished = history.up_to(len(history))
    if finished.epochs:
        with replacing(run_dir / HISTORY_PNG) as unfinished:
            unfinished.write_bytes(history_png(finished))


def _list_snapshots(run_dir: Path) -> None:
    """Write down in the run's record which epochs have a snapshot."""
    epochs, run = snapshot_epochs(run_dir), Run(run_dir)
    if run.exists and epochs != run.record.extra.get("snapshots", []):
        run.update(snapshots=epochs)
