"""The files that datasets come in: find, fetch, verify."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pooch
import requests
from tqdm import tqdm

from mnistlab.datasets.formats import damaged
from mnistlab.errors import DataDamagedError, DataNotFoundError

TIMEOUT = (5, 20)
"""Seconds that a mirror may take to answer, and to send the next bytes."""


@dataclass(frozen=True)
class Source:
    """The files of one dataset."""

    name: str  # also of their folder, under MNISTLAB_DATA_DIR and in the user's cache
    sha256: Mapping[str, str]  # by file name
    mirrors: tuple[str, ...]  # addresses that end in a slash; without one the files must be put there by hand


MNIST = Source(
    "mnist",
    {
        "train-images-idx3-ubyte.gz": "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
        "train-labels-idx1-ubyte.gz": "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
        "t10k-images-idx3-ubyte.gz": "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
        "t10k-labels-idx1-ubyte.gz": "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
    },
    (
        "https://storage.googleapis.com/cvdf-datasets/mnist/",
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
    ),
)

PENDIGITS = Source(
    "pendigits",
    {"pendigits-orig.tra.Z": "ceae25d05f1ccfed4d27ca2e5766370fb32ddd685a647567e84cf7685aa7ac8b"},
    ("https://archive.ics.uci.edu/ml/machine-learning-databases/pendigits/",),
)

UJI = Source("uji", {"ujipenchars2.json": "e09d00763f0ff33a98f5e2d14b3140c41423b27497af543c9cef4cdc1f3edc31"}, ())
"""Not downloaded: for measuring, by who has it."""


def fetch(source: Source) -> list[Path]:
    """Return a dataset's files, downloading what is not on this machine.

    A file is looked for in ``MNISTLAB_DATA_DIR``, then in the user's cache, then at the mirrors in
    turn; ``MNISTLAB_OFFLINE=1`` asks no mirror. Each is verified by its sha256; a damaged one in
    the cache is fetched anew.

    Returns
    -------
    list of Path
        In the order of `source.sha256`.

    Raises
    ------
    DataNotFoundError
        If a file is nowhere to be had; the message says what was tried.
    DataDamagedError
        If ``MNISTLAB_DATA_DIR`` is no folder or a file in it has the wrong sha256.
    """
    return [_own_file(source, name) or _cached_file(source, name) for name in source.sha256]


def _own_file(source: Source, name: str) -> Path | None:
    """The verified file in MNISTLAB_DATA_DIR, if it is there."""
    chosen = os.environ.get("MNISTLAB_DATA_DIR")
    if not chosen:
        return None
    if not Path(chosen).is_dir():
        raise DataDamagedError(f"MNISTLAB_DATA_DIR is {chosen}, which is no folder: correct or unset it")
    path = Path(chosen) / source.name / name
    if not path.exists():
        return None
    if (found := pooch.file_hash(str(path))) != source.sha256[name]:
        raise damaged(path, f"sha256 {source.sha256[name]}", found)
    return path


def _cached_file(source: Source, name: str) -> Path:
    """The verified file in the user's cache, fetched if it is missing or damaged."""
    cache = Path(pooch.os_cache("mnistlab")) / source.name
    path = cache / name
    if path.exists() and pooch.file_hash(str(path)) == source.sha256[name]:
        return path
    state = "is damaged" if path.exists() else "is not on this machine"
    if source.mirrors and os.environ.get("MNISTLAB_OFFLINE", "0") not in ("", "0"):
        raise _not_found(source, path, state, ["MNISTLAB_OFFLINE is set, so no mirror was asked"])
    pooch.get_logger().setLevel("WARNING")  # the bar says what is going on
    failures = []
    for mirror in source.mirrors:
        downloads = pooch.create(cache, base_url=mirror, registry=dict(source.sha256), retry_if_failed=1)
        bar = tqdm(total=1, unit="B", unit_scale=True, desc=name, leave=False, disable=None)
        try:
            downloads.fetch(name, downloader=pooch.HTTPDownloader(progressbar=bar, timeout=TIMEOUT))
            return path
        except (OSError, ValueError) as error:  # no network, no space; a wrong sha256
            failures.append(f"{mirror} failed ({_reason(error)})")
    raise _not_found(source, path, state, failures)


def _not_found(source: Source, path: Path, state: str, tried: Iterable[str]) -> DataNotFoundError:
    remedy = f"Put {', '.join(source.sha256)} in the folder {source.name}/ under MNISTLAB_DATA_DIR"
    if source.mirrors:
        remedy += ", or run 'mnistlab fetch' with a network"
    return DataNotFoundError("; ".join([f"{path} {state}", *tried]) + f". {remedy}")


def _reason(error: Exception) -> str:
    if isinstance(error, requests.ConnectionError):
        return "no connection"
    return " ".join(str(error).split())
