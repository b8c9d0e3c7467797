"""Copies of runs at a URL that fsspec knows, for machines that share no disk: ``s3://``, ``gs://``, ``sftp://``, …"""

from pathlib import Path

from mnistlab.errors import RunError
from mnistlab.runs.record import RunRecord
from mnistlab.system.deadlines import within
from mnistlab.system.files import is_plain_name, path_within, replacing
from mnistlab.system.run_files import LOCK, RUN_JSON

ANSWER_TIMEOUT = 30.0
"""Seconds that a store may take to say whether it has a folder."""


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
        """Return the record of each run by the run's name; a folder whose name no run can have is left out."""
        self._files.invalidate_cache()
        found = self._files.glob(f"{self._root}/*/{RUN_JSON}")
        paths = [path for path in found if is_plain_name(path.split("/")[-2])]
        texts = self._files.cat(paths, on_error="return") if paths else {}
        return {
            path.split("/")[-2]: RunRecord.parse(text.decode("utf-8", "replace") if isinstance(text, bytes) else "")
            for path, text in texts.items()
        }

    def push(self, folder: Path) -> None:
        """Copy a run's folder to the store; the record last, so that the files that it describes are there."""
        files = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink() and path.name != LOCK]
        for path in sorted(files, key=lambda path: path.name == RUN_JSON):
            target = f"{self._root}/{folder.name}/{path.relative_to(folder).as_posix()}"
            self._files.makedirs(target.rpartition("/")[0], exist_ok=True)
            self._files.put_file(str(path), target)

    def pull(self, folder: Path) -> bool:
        """Copy a run's folder from the store; return whether it was there.

        Raises
        ------
        RunError
            If a name in the store would lead out of the folder, or the folder is a symbolic link. Nothing is
            copied then.
        """
        source = f"{self._root}/{folder.name}"
        found = [path for path in self._files.find(source) if path.rpartition("/")[2] != LOCK]
        targets = {path: path_within(folder, path.removeprefix(f"{source}/")) for path in found}
        for path in sorted(found, key=lambda path: path.endswith(f"/{RUN_JSON}")):
            targets[path].parent.mkdir(parents=True, exist_ok=True)
            with replacing(targets[path]) as unfinished:
                self._files.get_file(path, str(unfinished))
        return bool(found)
