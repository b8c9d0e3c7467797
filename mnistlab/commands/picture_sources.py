"""What the names on a command line stand for: files, folders of pictures, data URLs, standard input."""

import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from mnistlab.picture_files.formats import FORMATS, PAGE_FORMATS
from mnistlab.picture_files.sources import PictureSource, is_data_url, shown_name
from mnistlab.reading.number import Number
from mnistlab.reading.prediction import Prediction

Answer = Prediction | Number

STANDARD_INPUT = "-"

MAX_MEGABYTES = max(form.megabytes for form in FORMATS)
"""Size of the largest picture on standard input."""

ENDINGS = tuple(ending for form in (*FORMATS, *PAGE_FORMATS) for ending in form.endings)
"""Of the names of files that are pictures."""


def read_each(
    arguments: Iterable[str], read: Callable[[PictureSource], Answer]
) -> Iterator[tuple[str, Answer | ValueError]]:
    """Yield the name of each picture with what was read in it, or with the error that says why nothing was.

    Parameters
    ----------
    arguments : iterable of str
        See `named_pictures`.
    read : callable
        Takes a picture, and raises ValueError if it is none or has no digit in it.
    """
    for argument in arguments:
        try:
            pictures = named_pictures(argument)
        except ValueError as error:
            yield argument, error
            continue
        for name, picture in pictures.items():
            try:
                yield name, read(picture)
            except ValueError as error:
                yield name, error


def named_pictures(argument: str) -> dict[str, Path | str | bytes]:
    """Return the pictures that an argument stands for: the name to show, and what `as_picture` reads.

    Parameters
    ----------
    argument : str
        A file; a folder, for the pictures in it, by name, but not those in its folders, nor hidden ones; a data URL;
        or ``-`` for a picture on standard input.

    Raises
    ------
    ValueError
        If a folder cannot be read or has no picture in it, or standard input is too large.
    """
    if argument == STANDARD_INPUT:
        return {argument: _standard_input()}
    if is_data_url(argument):
        return {shown_name(argument): argument}
    path = Path(argument)
    return {str(picture): picture for picture in _pictures_in(path)} if _is_folder(path) else {argument: path}


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # opening it as a file will say why
        return False


def _standard_input() -> bytes:
    content = sys.stdin.buffer.read(1_000_000 * MAX_MEGABYTES + 1)
    if len(content) > 1_000_000 * MAX_MEGABYTES:
        raise ValueError(f"too large: a picture may have {MAX_MEGABYTES} MB")
    return content


def _pictures_in(folder: Path) -> list[Path]:
    try:
        files = sorted(path for path in folder.iterdir() if not _is_folder(path))
    except OSError as error:
        raise ValueError(f"cannot be read: {error.strerror}") from None
    pictures = [path for path in files if path.suffix.lower() in ENDINGS and not path.name.startswith(".")]
    if not pictures:
        raise ValueError("there is no picture in this folder")
    return pictures
