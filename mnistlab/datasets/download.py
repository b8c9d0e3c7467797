"""The files of the datasets: find, download, verify."""

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pooch
import requests
from tqdm import tqdm

from mnistlab.datasets.formats import damaged
from mnistlab.datasets.transfer import Limits, download
from mnistlab.datasets.uji import digits_sha256
from mnistlab.errors import DataDamagedError, DataNotFoundError


@dataclass(frozen=True)
class Source:
    """The files of one dataset."""

    name: str  # also of their folder, in MNISTLAB_DATA_DIR and in the user's cache
    sha256: Mapping[str, str]  # by file name
    mirrors: tuple[str, ...]  # addresses that end in a slash; without one the user must put the files in the folder
    digest: Callable[[Path], str] = pooch.file_hash  # computes a file's sha256; its ValueError says what is damaged
    checksum: str = "sha256"  # what `digest` computes, for messages
    max_bytes: int = 30_000_000  # of its largest file, where a mirror may have it in another form
    other_form: "Source | None" = None  # the same data in other files, which are taken if they are on this machine


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
    max_bytes=9_912_422,
)

UCI = "https://archive.ics.uci.edu/ml/machine-learning-databases/"

PENDIGITS = Source(
    "pendigits",
    {"pendigits-orig.tra.Z": "ceae25d05f1ccfed4d27ca2e5766370fb32ddd685a647567e84cf7685aa7ac8b"},
    (f"{UCI}pendigits/",),
    max_bytes=1_011_395,
)

_UJI_JSON = Source(
    "uji",
    {"ujipenchars2.json": "e371d0795f8bfccdd96dc5b392c7cb57c89458b811ade683cc324a7f01e05503"},
    (),
    digits_sha256,
    "digits with the sha256",
)

UJI = replace(
    _UJI_JSON,
    sha256={"ujipenchars2.txt": _UJI_JSON.sha256["ujipenchars2.json"]},
    mirrors=(f"{UCI}uji-penchars/version2/",),
    other_form=_UJI_JSON,
)
"""Both files are verified by their 1,200 digits, which are the same, not by their bytes."""


def fetch(source: Source) -> list[Path]:
    """Return a dataset's files, downloading those that are not on this machine.

    A file is looked for in ``MNISTLAB_DATA_DIR``, then in the user's cache, then at the mirrors in
    turn; with ``MNISTLAB_OFFLINE=1`` nothing is downloaded. Every file is verified; a damaged one in
    the cache is downloaded again.

    Parameters
    ----------
    source : Source

    Returns
    -------
    list of Path
        In the order of `source.sha256`, or those of `source.other_form` if these are on this machine.

    Raises
    ------
    DataNotFoundError
        If a file is neither here nor at a mirror; the message says what was tried.
    DataDamagedError
        If ``MNISTLAB_DATA_DIR`` is not a folder or holds a damaged file.
    """
    if source.other_form and (found := _find(source.other_form)):
        return found
    return [_local_file(source, name) or _download(source, name) for name in source.sha256]


def _find(source: Source) -> list[Path] | None:
    """Return a dataset's files if all are on this machine."""
    found = [path for name in source.sha256 if (path := _local_file(source, name))]
    return found if len(found) == len(source.sha256) else None


def _local_file(source: Source, name: str) -> Path | None:
    """Return the verified file in MNISTLAB_DATA_DIR or in the user's cache."""
    if own := _own_file(source, name):
        return own
    cached = _cache_path(source, name)
    return cached if cached.exists() and _digest(source, cached) == source.sha256[name] else None


def _own_file(source: Source, name: str) -> Path | None:
    chosen = os.environ.get("MNISTLAB_DATA_DIR")
    if not chosen:
        return None
    if not Path(chosen).is_dir():
        raise DataDamagedError(f"MNISTLAB_DATA_DIR is {chosen}, which is not a folder: correct or unset it")
    path = Path(chosen) / source.name / name
    if not path.exists():
        return None
    if (found := _digest(source, path)) != source.sha256[name]:
        raise damaged(path, f"{source.checksum} {source.sha256[name]}", found)
    return path


def _cache_path(source: Source, name: str) -> Path:
    return Path(pooch.os_cache("mnistlab")) / source.name / name


def _digest(source: Source, path: Path) -> str:
    try:
        return source.digest(path)
    except ValueError as error:
        return str(error)


def _download(source: Source, name: str) -> Path:
    """Download a file into the user's cache, in place of a damaged one if there is one."""
    path = _cache_path(source, name)
    state = "is damaged" if path.exists() else "is not on this machine"
    if source.mirrors and os.environ.get("MNISTLAB_OFFLINE", "0") not in ("", "0"):
        raise _not_found(source, path, state, ["MNISTLAB_OFFLINE is set, so no mirror was asked"])
    pooch.get_logger().setLevel("WARNING")  # the progress bar says enough
    failures = []
    for mirror in source.mirrors:
        try:
            return _download_from(mirror, source, path)
        except (OSError, ValueError) as error:  # no network, no space; a damaged file
            failures.append(f"{mirror} failed ({_reason(error)})")
    raise _not_found(source, path, state, failures)


def _download_from(mirror: str, source: Source, path: Path) -> Path:
    """Download one file; pooch moves it to its place only if `verified` raises no ValueError."""
    expected = source.sha256[path.name]
    limits = Limits(source.max_bytes)

    def verified(url: str, output_file: str, pooch: object) -> None:
        with tqdm(unit="B", unit_scale=True, desc=path.name, leave=False, disable=None) as bar:
            Path(output_file).write_bytes(download(url, limits, bar))
        if (found := _digest(source, Path(output_file))) != expected:
            raise ValueError(f"damaged: expected {source.checksum} {expected}, found {found}")

    path.unlink(missing_ok=True)
    downloads = pooch.create(path.parent, base_url=mirror, registry={path.name: None}, retry_if_failed=1)
    downloads.fetch(path.name, downloader=verified)
    return path


def _not_found(source: Source, path: Path, state: str, tried: Iterable[str]) -> DataNotFoundError:
    remedy = f"Put {', '.join(source.sha256)} in the folder {source.name}/ under MNISTLAB_DATA_DIR"
    if source.mirrors:
        remedy += ", or run 'mnistlab fetch' with a network"
    return DataNotFoundError("; ".join([f"{path} {state}", *tried]) + f". {remedy}")


def _reason(error: Exception) -> str:
    if isinstance(error, requests.ConnectionError):
        return "no connection"
    return " ".join(str(error).split())
