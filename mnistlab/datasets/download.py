"""A dataset's files: find, download, verify."""

import os
from collections.abc import Iterable
from pathlib import Path

import pooch
import requests
from tqdm import tqdm

from mnistlab.datasets.formats.files import damaged
from mnistlab.datasets.sources import Source
from mnistlab.datasets.transfer import Limits, download
from mnistlab.errors import DataDamagedError, DataNotFoundError


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


def own_data_dir() -> Path | None:
    """Return the user's own folder of data, ``MNISTLAB_DATA_DIR``, or None if that is not set.

    Raises
    ------
    DataDamagedError
        If it is not a folder.
    """
    chosen = os.environ.get("MNISTLAB_DATA_DIR")
    if chosen and not Path(chosen).is_dir():
        raise DataDamagedError(f"MNISTLAB_DATA_DIR is {chosen}, which is not a folder: correct or unset it")
    return Path(chosen) if chosen else None


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
    folder = own_data_dir()
    path = folder / source.name / name if folder else None
    if path is None or not path.exists():
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
    addresses = {path.name: f"{mirror}{path.name}{source.suffix}"}
    downloads = pooch.create(path.parent, base_url="", registry={path.name: None}, urls=addresses, retry_if_failed=1)
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
