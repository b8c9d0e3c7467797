"""A model's prediction for one digit."""

from dataclasses import dataclass, replace

import numpy as np

MUCH = 0.25
"""From this share of other ink on, it is told."""

DIGITS_FOR_EACH_OTHER = 10.0
"""In a number, and in a picture that someone gives to be read, there is a digit so many times as often as not.

The model's probability that there is a digit holds where both are equally frequent.
"""


@dataclass(frozen=True, eq=False)
class Prediction:
    """A model's prediction for one digit.

    Attributes
    ----------
    probabilities : float32 array of shape (10,)
        One for each digit, 0 to 1; their sum is 1. They hold if it is a digit.
    image : uint8 array of shape (28, 28)
        What the model was given: light ink (up to 255) on a dark background (0).
    digit_probability : float or None
        The probability that it is a digit at all, 0 to 1; None if the model has not learned what is no digit.
    others : int
        Other digits in the same picture, which is then no picture of one digit.
    share_beside : float
        In a picture, the share of ink beside the digit that is neither line nor frame, 0 to 1.
    is_digit : bool
        Whether there are no others, and `digit_probability` is at least a half, or not known.
    digit : int
        The most likely digit, 0 to 9.
    confidence : float
        The probability of that digit, 0 to 1.
    """

    probabilities: np.ndarray
    image: np.ndarray
    digit_probability: float | None = None
    others: int = 0
    share_beside: float = 0.0

    @property
    def is_digit(self) -> bool:
        return not self.others and (self.digit_probability is None or self.digit_probability >= 0.5)

    @property
    def digit(self) -> int:
        return int(self.probabilities.argmax())

    @property
    def confidence(self) -> float:
        return float(self.probabilities.max())

    def __repr__(self) -> str:
        told = f"{self.digit}, {self.confidence:.1%}"
        return f"Prediction({told if self.is_digit else f'not a digit; if it is one: {told}'})"

    def __str__(self) -> str:
        if self.others:
            return f"{1 + self.others} digits, or what looks like them: read them as a number"
        told = f"{self.digit} ({self.confidence:.1%})" if self.is_digit else f"not a digit (would be {self.digit})"
        return f"{told}, with other ink beside it" if self.share_beside > MUCH else told

    def record(self) -> dict[str, object]:
        """Return all but the image, ready for JSON."""
        probability = self.digit_probability
        return {
            "digit": self.digit,
            "confidence": round(self.confidence, 6),
            "is_digit": self.is_digit,
            "digit_probability": None if probability is None else round(probability, 6),
            "others": self.others,
            "share_beside": round(self.share_beside, 6),
            "probabilities": [round(float(p), 6) for p in self.probabilities],
        }


def where_digits_are_expected(prediction: Prediction) -> Prediction:
    """Return the prediction with the probability that it is a digit in a number or in a picture."""
    if (p := prediction.digit_probability) is None:
        return prediction
    return replace(prediction, digit_probability=DIGITS_FOR_EACH_OTHER * p / (DIGITS_FOR_EACH_OTHER * p + 1 - p))
