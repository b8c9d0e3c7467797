"""What the files in a run's folder are called, and one beside these folders."""

LAST_ORDER = ".last-order"
"""In ``reports/``: the order of the run that was begun last; see `mnistlab.runs.snapshot.next_order`."""

RUN_JSON = "run.json"
"""What there is to know about the run; `mnistlab.runs.registry.record` reads and writes it."""

LOCK = ".lock"
"""Held by the process that runs it."""

REPORT = "report.html"
"""The executed notebooks as one page."""

HISTORY_CSV, HISTORY_PNG = "history.csv", "history.png"
"""Loss and accuracy along the training: the numbers, and the curves."""

WEIGHTS = "model.weights.h5"
"""The kept weights, calibrated, for Keras. They are there once a training is over."""

MODEL = "model.tflite"
"""The same as LiteRT reads it: images in, logits out."""

CARD = "card.json"
"""The facts about the model that comes with the package; it lies beside the model, in no run's folder."""

CHECKPOINTS, PREVIOUS_CHECKPOINTS = "checkpoints", "checkpoints-previous"
"""The state of a training after its last finished epoch, and after the one before: files that fit together."""

STATE = f"{CHECKPOINTS}/state.json"
"""Config, data and epoch of that state, with the sha256 of its other files."""

STATE_HISTORY = f"{CHECKPOINTS}/history.csv"
"""`HISTORY_CSV` up to that epoch."""

BEST_WEIGHTS = f"{CHECKPOINTS}/best.weights.h5"
"""The weights that would be kept if the training ended now."""

LAST_EPOCH = f"{CHECKPOINTS}/last.keras"
"""Model and optimizer after the last finished epoch."""

SNAPSHOTS = "snapshots"
"""The folder of the weights after each epoch, if they were asked for."""
