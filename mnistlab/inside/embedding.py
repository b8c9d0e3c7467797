"""Maps of digits: points of a space with many dimensions, laid out on a plane so that neighbours stay neighbours."""

import hashlib
import logging
from pathlib import Path

import numpy as np
import pooch
import sklearn
from threadpoolctl import threadpool_limits

from mnistlab.system.files import batch_run_dir, open_regular, replacing

DIMENSIONS = 50
"""Principal components that t-SNE gets: the others are mostly noise, and cost time."""

PERPLEXITY = 30
"""About how many neighbours count for a point; a third of the points if there are few."""

log = logging.getLogger("mnistlab")


def principal_components(points: np.ndarray, count: int) -> np.ndarray:
    """Return the coordinates of points along the directions in which they differ most.

    Parameters
    ----------
    points : float array of shape (N, D)
    count : int
        Directions; fewer if N or D is less.

    Returns
    -------
    float32 array of shape (N, count)
    """
    from sklearn.decomposition import PCA  # late: importing it takes a second

    with threadpool_limits(1):
        found = PCA(min(count, *points.shape), random_state=0).fit_transform(points)
    return np.asarray(found, np.float32)


def t_sne(points: np.ndarray) -> np.ndarray:
    """Lay points out on a plane by t-SNE, of their first 50 principal components.

    It begins with the first two, so the map is the same each time. It takes one thread: more are no faster, or much
    slower where other processes are busy. 1,000 points take 3.4 s of a core, 2,000 take 8 s, 5,000 take 25 s.

    Parameters
    ----------
    points : float array of shape (N, D)
        N is 4 or more.

    Returns
    -------
    float32 array of shape (N, 2)

    References
    ----------
    L. van der Maaten, G. Hinton: Visualizing data using t-SNE, JMLR 9, 2008.
    """
    from sklearn.manifold import TSNE  # late: importing it takes a second

    few = principal_components(points, DIMENSIONS)
    with threadpool_limits(1):
        return np.asarray(
            TSNE(perplexity=min(PERPLEXITY, len(few) / 3), init="pca", random_state=0).fit_transform(few), np.float32
        )


def kept_t_sne(points: np.ndarray) -> np.ndarray:
    """Return the map of `t_sne`, which is computed only once for the same points.

    In batch it is kept in the run's folder, in an open notebook in the user's cache. A file that is damaged is
    replaced; where none can be written, a line in the log says so.
    """
    path = _folder() / f"map-{_sha256(points)[:16]}.npy"
    kept = _read(path, len(points))
    if kept is not None:
        return kept
    computed = t_sne(points)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as unfinished:
            np.save(unfinished, computed)
    except OSError as error:
        log.warning("The map is not kept, and computed again the next time: %s", error)
    return computed


def _folder() -> Path:
    return batch_run_dir() or Path(pooch.os_cache("mnistlab")) / "maps"


def _sha256(points: np.ndarray) -> str:
    """Of all that decides the map: the points are what the model makes of the digits."""
    digest = hashlib.sha256(f"{points.shape} {sklearn.__version__} {np.__version__}".encode())
    digest.update(Path(__file__).read_bytes())
    digest.update(np.ascontiguousarray(points).data)
    return digest.hexdigest()


def _read(path: Path, count: int) -> np.ndarray | None:
    """The map in a file; None if there is none, or it is damaged."""
    try:
        with open_regular(path) as file:
            found = np.load(file)
    except Exception:  # a file can be damaged in any place: whatever that raises, the map is made anew
        return None
    is_map = isinstance(found, np.ndarray) and found.shape == (count, 2) and found.dtype == np.float32
    return found if is_map and np.isfinite(found).all() else None


def with_mistakes(is_wrong: np.ndarray, count: int, seed: int) -> np.ndarray:
    """Choose digits for a map at random, but every mistake: there are few, and they are what to look for.

    Parameters
    ----------
    is_wrong : bool array of shape (N,)
        Whether each was misread.
    count : int
        How many to choose; at most half of them are mistakes.
    seed : int

    Returns
    -------
    int array of shape (count,)
        In ascending order; all N if there are not that many.
    """
    rng = np.random.default_rng(seed)
    wrong, right = (rng.permutation(np.flatnonzero(each)) for each in (is_wrong, ~is_wrong))
    if count >= len(is_wrong):
        return np.arange(len(is_wrong))
    wrong = wrong[: max(count // 2, count - len(right))]
    return np.sort(np.concatenate([wrong, right[: count - len(wrong)]]))
