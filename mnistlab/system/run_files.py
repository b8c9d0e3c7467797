"""What the files in a run's folder are called."""

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

BEST_WEIGHTS = "checkpoints/best.weights.h5"
"""The weights that would be kept if the training ended now."""

LAST_EPOCH = "checkpoints/last.keras"
"""Model and optimizer after the last finished epoch."""

ORIGIN = "checkpoints/origin.json"
"""Config and data that the checkpoints were made from."""
