"""The corruptions of MNIST-C by name, and what applies them."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from mnistlab.datasets.corruptions import blur, edges, light, lines, noise, warps
from mnistlab.datasets.synthetic.shapes import chosen
from mnistlab.preprocessing import SIDE


@dataclass(frozen=True)
class Corruption:
    """One way to spoil images, at the one severity that MNIST-C has of it."""

    apply: Callable[[np.ndarray, np.random.Generator], np.ndarray]  # (N, 28, 28), 0 to 1, to the same; cut to 0 and 1
    what: str  # it does, with its numbers
    severity: int | None = None  # 1 to 5, the number in corruptions.py; None where there is only one


CORRUPTIONS: dict[str, Corruption] = {
    "shot noise": Corruption(
        noise.shot_noise, f"Poisson noise, {noise.PHOTONS} photons where the ink is full", severity=5
    ),
    "impulse noise": Corruption(noise.impulse_noise, f"{noise.IMPULSES:.0%} of the pixels black or white", severity=4),
    "glass blur": Corruption(
        blur.glass_blur,
        f"pixels change places over {blur.GLASS_REACH} pixel, {blur.GLASS_PASSES} times; "
        f"blurred by {blur.GLASS_BLUR} pixels before and after",
        severity=1,
    ),
    "motion blur": Corruption(
        blur.motion_blur,
        f"smeared by {blur.MOTION_STD} pixels at up to {blur.MOTION_ANGLE} degrees to the rows",
        severity=1,
    ),
    "shear": Corruption(warps.shear, f"by {np.degrees(warps.SHEAR):.0f} degrees to a random side", severity=2),
    "scale": Corruption(lambda images, _: warps.scale(images), f"to {warps.SCALE:.0%} of the size", severity=3),
    "rotate": Corruption(warps.rotate, f"by {np.degrees(warps.ROTATION):.0f} degrees to a random side", severity=2),
    "brightness": Corruption(
        lambda images, _: light.brightness(images), f"{light.BRIGHTNESS:.0%} of white added", severity=5
    ),
    "translate": Corruption(warps.translate, f"by {warps.SHIFT} pixels to a random corner", severity=3),
    "stripe": Corruption(
        lambda images, _: light.stripe(images), f"{light.STRIPE} columns at the left and at the right inverted"
    ),
    "fog": Corruption(
        light.fog,
        f"up to {light.FOG:g} times as bright as full ink, each finer detail {light.FOG_DECAY:.2f} times fainter",
        severity=5,
    ),
    "spatter": Corruption(noise.spatter, f"drops of mud, {noise.MUD:.0%} of white", severity=4),
    "dotted line": Corruption(lines.dotted_line, f"white, dots and gaps of {lines.DOT} columns"),
    "zigzag": Corruption(lines.zigzag, f"white, corners {lines.TOOTH:g} pixels above and below its middle"),
    "canny edges": Corruption(
        lambda images, _: edges.canny_edges(images),
        f"after a blur by {edges.EDGE_BLUR:g} pixel; slopes from {edges.WEAK}, joined to one from {edges.STRONG}",
    ),
}
"""The fifteen by name, in the order of corruptions.py in google-research/mnist-c."""


def corrupt(images: np.ndarray, name: str, seed: int = 0) -> np.ndarray:
    """Apply one of MNIST-C's corruptions to images.

    They are those of the published set, with its parameters. Their random numbers are others, so that the images are
    others of the same kind.

    Parameters
    ----------
    images : uint8 array of shape (N, 28, 28)
        Light ink (up to 255) on a dark ground (0). N may be 0.
    name : str
        One of `CORRUPTIONS`.
    seed : int
        0 or more. The same images, name and seed give the same result; each image has random numbers of its own.

    Returns
    -------
    uint8 array of shape (N, 28, 28)

    Raises
    ------
    UnknownNameError
        If there is no such corruption.
    ValueError
        If the array has another type or shape.

    References
    ----------
    N. Mu, J. Gilmer: MNIST-C: a robustness benchmark for computer vision, ICML workshop on uncertainty and robustness
    in deep learning, 2019, arXiv 1906.02337. The parameters: corruptions.py in github.com/google-research/mnist-c.
    """
    corruption, rng = chosen("corruption", name, CORRUPTIONS, seed)
    if images.dtype != np.uint8 or images.shape[1:] != (SIDE, SIDE):
        raise ValueError(f"expected uint8 (N, {SIDE}, {SIDE}), got {images.dtype} {images.shape}")
    corrupted = corruption.apply(images.astype(np.float32) / 255, rng)
    return np.round(255 * np.clip(corrupted, 0, 1)).astype(np.uint8)
