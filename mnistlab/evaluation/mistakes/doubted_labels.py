"""Labels of MNIST's test set that most people do not agree with."""

import pandas as pd

from mnistlab.datasets.digits import Digits

ASKED = 5
"""People who were shown each image."""

DOUBTED = (
    (947, 8, 9, 0, 5),
    (1621, 0, 6, 2, 3),
    (1901, 9, 4, 2, 3),
    (2130, 4, 9, 2, 2),
    (2462, 2, 0, 0, 4),
    (2597, 5, 3, 0, 4),
    (2654, 6, 1, 0, 2),
    (3520, 6, 4, 2, 0),
    (3558, 5, 0, 1, 4),
    (5937, 5, 3, 1, 3),
    (6651, 0, 6, 0, 5),
    (6783, 1, 6, 2, 3),
    (8527, 4, 9, 2, 2),
    (9679, 6, 3, 2, 0),
    (9729, 5, 6, 2, 3),
)
"""Index in the test set, label, the digit that a model took it for, and how many of five people saw the label and that
digit; the others saw neither. Of 100 images whose labels were suspected, these are the 15 whose label fewer than three
people saw.

C. G. Northcutt, A. Athalye, J. Mueller: Pervasive label errors in test sets destabilize machine learning benchmarks,
NeurIPS Datasets and Benchmarks, 2021; ``mturk/mnist_mturk.json`` in github.com/cleanlab/label-errors.
"""


def doubted_labels(digits: Digits) -> pd.DataFrame:
    """Return the images of a test set whose labels most people do not agree with.

    Parameters
    ----------
    digits : Digits

    Returns
    -------
    DataFrame
        By index of the image: its ``label``, the ``other`` digit that people were asked about, and how many of the five
        ``saw label`` and ``saw other``. Empty if it is not MNIST's test set, about which alone people were asked.
    """
    columns = ["image", "label", "other", "saw label", "saw other"]
    table = pd.DataFrame(DOUBTED, columns=columns).set_index("image")
    is_mnist = digits.name == "mnist" and len(digits) == 10_000
    if is_mnist and (digits.labels[table.index] == table["label"]).all():
        return table
    return table.iloc[:0]
