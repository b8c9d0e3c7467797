"""What a training minimises, and the accuracy that it shows: of the digits, and whether there is one."""

from typing import Any

from mnistlab.logits import CLASSES
from mnistlab.system.backend import keras

CERTAINTY = 0.99
"""What the model should answer for a digit: a little less than 1, as some labels are wrong."""


@keras.saving.register_keras_serializable(package="mnistlab")
class OutlierExposure(keras.losses.Loss):
    """The cross-entropy of the ten digits, and a share of that of whether there is a digit at all.

    Takes targets `(N, 10)`, a row of zeros for an outlier, and logits `(N, 11)`. An outlier teaches the
    eleventh logit alone.

    Parameters
    ----------
    label_smoothing : float
        Share of the label that is spread over all ten digits, 0 to 1.
    weight : float
        Of the second part.

    References
    ----------
    D. Hendrycks, M. Mazeika, T. Dietterich: Deep anomaly detection with outlier exposure, ICLR 2019.
    """

    def __init__(self, label_smoothing: float, weight: float, **loss: Any) -> None:
        super().__init__(**loss)
        self.label_smoothing, self.weight = label_smoothing, weight

    def call(self, targets: Any, logits: Any) -> Any:
        ops = keras.ops
        is_digit = ops.sum(targets, axis=1)
        smoothed = targets * (1 - self.label_smoothing) + is_digit[:, None] * (self.label_smoothing / CLASSES)
        which = -ops.sum(smoothed * ops.log_softmax(logits[:, :CLASSES], axis=1), axis=1)
        expected = 1 - CERTAINTY + is_digit * (2 * CERTAINTY - 1)
        whether = ops.binary_crossentropy(expected, logits[:, CLASSES], from_logits=True)
        return which + self.weight * whether

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "label_smoothing": self.label_smoothing, "weight": self.weight}


@keras.saving.register_keras_serializable(package="mnistlab")
class DigitAccuracy(keras.metrics.Mean):
    """The share of digits that are read correctly; outliers do not count, nor does an eleventh logit."""

    def __init__(self, name: str = "accuracy", **metric: Any) -> None:
        super().__init__(name=name, **metric)

    def update_state(self, targets: Any, logits: Any, sample_weight: Any = None) -> None:
        ops = keras.ops
        is_correct = ops.equal(ops.argmax(targets, axis=1), ops.argmax(logits[:, :CLASSES], axis=1))
        super().update_state(is_correct, sample_weight=ops.sum(targets, axis=1))
