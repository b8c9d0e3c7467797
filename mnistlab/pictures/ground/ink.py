"""The ink on a sheet, and what passes for ink."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

DARKEST = 12
"""Grey levels that are added to those of the ground, so that noise is not taken for ink where there is no light."""


@dataclass(frozen=True, eq=False)
class Ink:
    """The ink on a sheet, and what passes for ink.

    Attributes
    ----------
    strength : float32 array of shape (H, W)
        What the ground's light is weakened by, 0 to 1: that of a stroke is the same in the light and in a shadow.
    noise : float
        Its standard deviation where there is no ink.
    is_clean : bool
        Whether the ground has one exact colour, as on a screen: then there is no noise, and any difference is ink.
    is_light : bool
        Whether the ink is lighter than the ground.
    ground : uint8 array of shape (H, W)
        The ground's grey level; upside down for light ink.
    inside : bool array of shape (H, W)
        The sheet.
    """

    strength: np.ndarray
    noise: float
    is_clean: bool
    is_light: bool
    ground: np.ndarray
    inside: np.ndarray

    @cached_property
    def full(self) -> float:
        """The strength of full ink; 0 if there is none."""
        strongest = self.strength.max()
        return float(np.percentile(self.strength[self.strength > strongest / 2], 95)) if strongest > 0 else 0.0

    @cached_property
    def least(self) -> float:
        """Ink is stronger than this."""
        return 0.0 if self.is_clean else max(0.15 * self.full, 3 * self.noise)

    @cached_property
    def certain(self) -> float:
        """Where something is stronger than this, there is ink for sure."""
        return max(0.3 * self.full, 4 * self.noise)

    @property
    def seen(self) -> np.ndarray:
        """Where there is something, as weak as a line: bool (H, W)."""
        return self.strength > max(0.12 * self.full, 3 * self.noise, 1e-6)

    def without(self, mask: np.ndarray) -> "Ink":
        """Return it without what a mask, bool (H, W), covers."""
        return replace(self, strength=np.where(mask, np.float32(0), self.strength))
