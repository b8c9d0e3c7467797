"""Copies of runs at a URL that fsspec knows, for machines that share no disk: ``s3://``, ``gs://``, ``sftp://``, …

What a store contains was written by others: its names are checked, its sizes are limited, and a copy is whole or not
there.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from mnistlab.errors import RunError, WorkbenchError
from mnistlab.runs.record import RunRecord
from mnistlab.runs.snapshot import is_held
from mnistlab.system.deadlines import within
from mnistlab.system.files import inside
from mnistlab.system.run_files import LOCK, RUN_JSON

ANSWER_TIMEOUT = 30.0
"""Seconds that a store may take to say whether it has a folder."""

MAX_RECORD = 4 * 2**20
"""Bytes of a ``run.json`` that are read."""

MAX_FILES, MAX_SIZE = 10_000, 4 * 2**30
"""Files and bytes of a run that are copied from a store, at most."""

CHUNK = 2**20
"""Bytes that are copied at once."""


class Store:
    """A folder of runs at a URL.

    Parameters
    ----------
    url : str
        ``s3://bucket/reports`` for example.

    Raises
    ------
    RunError
        If the URL is not valid, a package for it is missing, or nothing answers there; the message says which.
    """

    def __init__(self, url: str) -> None:
        import fsspec  # late: listing what is on this machine does not need it

        try:
            self._files, root = within(ANSWER_TIMEOUT, lambda: fsspec.core.url_to_fs(url))  # some connect already
            within(ANSWER_TIMEOUT, lambda: self._files.exists(root))
        except Exception as error:  # each kind of store has its own
            reason = (str(error) or repr(error)).splitlines()[0]
            raise RunError(f"{url} cannot be used as a store: {reason}") from None
        self._root = root.rstrip("/")

    def records(self) -> dict[str, RunRecord]:
        """Return the record of each run by the run's name; what cannot be the name of a run's folder is left out."""
        self._files.invalidate_cache()
        paths = [path for path in self._files.glob(f"{self._root}/*/{RUN_JSON}") if _is_name(path.split("/")[-2])]
        texts = self._files.cat_ranges(paths, 0, MAX_RECORD, on_error="return") if paths else []
        return {
            path.split("/")[-2]: RunRecord.parse(text.decode("utf-8", "replace") if isinstance(text, bytes) else "")
            for path, text in zip(paths, texts, strict=True)
        }

    def push(self, folder: Path) -> None:
        """Copy a run's folder to the store; the record last, so that the files that it describes are there.

        Symbolic links are left out: what they point to may not be meant for others.
        """
        files = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink() and path.name != LOCK]
        for path in sorted(files, key=lambda path: path.name == RUN_JSON):
            target = f"{self._root}/{folder.name}/{path.relative_to(folder).as_posix()}"
            self._files.makedirs(target.rpartition("/")[0], exist_ok=True)
            self._files.put_file(str(path), target)

    def pull(self, folder: Path) -> bool:
        """Copy a run's folder from the store, all of it or nothing; return whether it was there.

        Parameters
        ----------
        folder : Path
            Not there yet, or empty. It has the run's name.

        Raises
        ------
        WorkbenchError
            If something is in its place, a name in the store is not allowed (`inside`), or the run is too large.
        """
        _check_free(folder)
        source = f"{self._root}/{folder.name}"
        found = self._files.find(source)
        if not found:
            return False
        folder.parent.mkdir(parents=True, exist_ok=True)
        with _whole(folder) as copy:
            for path, target in _targets(source, found, copy).items():
                target.parent.mkdir(parents=True, exist_ok=True)
                self._copy(path, target, MAX_SIZE - sum(one.stat().st_size for one in copy.rglob("*")))
        return True

    def _copy(self, path: str, target: Path, left: int) -> None:
        """Copy a file of `left` bytes at most, whatever size the store says that it has."""
        with self._files.open(path, "rb") as read, target.open("xb") as write:
            while chunk := read.read(CHUNK):
                left -= len(chunk)
                if left < 0:
                    raise RunError(f"{path} is not copied: the run has more than {MAX_SIZE / 2**30:g} GiB")
                write.write(chunk)


def _is_name(name: str) -> bool:
    try:
        inside(Path(), name)
    except WorkbenchError:
        return False
    return True


def _targets(source: str, found: list[str], folder: Path) -> dict[str, Path]:
    """Where each file of a run belongs; an error, before anything is copied, if one belongs nowhere."""
    if len(found) > MAX_FILES:
        raise RunError(f"{source} is not copied: it has {len(found):,} files, {MAX_FILES:,} at most")
    targets: dict[str, Path] = {}
    for path in found:
        name = path.removeprefix(f"{source}/")
        if name != LOCK:
            targets[path] = inside(folder, name)
    if len({str(target).casefold() for target in targets.values()}) < len(targets):
        raise RunError(f"{source} is not copied: two of its files differ in upper and lower case only")
    return targets


def _check_free(folder: Path) -> None:
    inside(folder.parent, folder.name)
    if folder.is_symlink():
        raise RunError(f"{folder} is a symbolic link: remove it, then the run can be copied here")
    if folder.exists() and [path for path in folder.iterdir() if path.name != LOCK]:
        raise RunError(f"{folder} is in the way of the run in the store: move it elsewhere")
    if folder.exists() and is_held(folder):
        raise RunError(f"{folder.name} is running: it is not copied from the store")


@contextmanager
def _whole(folder: Path) -> Iterator[Path]:
    """Yield a folder to write to that becomes `folder` on success and vanishes on failure."""
    with TemporaryDirectory(prefix=".unfinished-", dir=folder.parent) as unfinished:
        copy = Path(unfinished, folder.name)  # one level deeper than a run: it is not listed as one
        copy.mkdir()
        yield copy
        (folder / LOCK).unlink(missing_ok=True)
        copy.rename(folder)
