"""Commands about the drawings that people keep: list, merge, remove, export."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mnistlab.commands.output import echo, print_table
from mnistlab.errors import ParameterError
from mnistlab.system.formatting import count, printable

if TYPE_CHECKING:
    from mnistlab.keeping.drawing import KeptDrawing
    from mnistlab.keeping.file import Contents

MAX_TOLD = 10
"""Damaged lines of a file that are named."""

NO_NAME = "(no name)"
"""In place of a writer who is not known."""

file_option = click.option("--file", type=click.Path(path_type=Path), help="The file of drawings, instead of your own.")


class ListByDefault(click.Group):
    """Without the name of a command, lists."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        named = bool(args) and (not args[0].startswith("-") or args[0] in ctx.help_option_names)
        return super().parse_args(ctx, args if named else ["list", *args])


@click.group("drawings", cls=ListByDefault)
def drawings_command() -> None:
    """List, merge, remove or export kept drawings.

    They are kept in one file on this machine, drawings.jsonl in MNISTLAB_DATA_DIR or in your folder of data.
    """


@drawings_command.command("list")
@file_option
def list_command(file: Path | None) -> None:
    """List all drawings.

    Then how many there are of each label and of each writer, and how many of these the model misread.
    """
    from mnistlab.keeping.file import KeptDrawings

    kept = KeptDrawings(file)
    drawings = _told(kept.path, kept.read()).drawings
    if not drawings:
        echo(f"No drawings in {printable(str(kept.path))}: keep one on the drawing pad.")
        return
    headers = ["id", "label", "answer", "confidence", "model", "writer", "kept"]
    print_table(headers, [*map(_row, drawings)])
    for header, key in (("label", lambda one: str(one.label)), ("writer", _writer)):
        echo("")
        print_table([header, "drawings", "misread"], _counts(drawings, key))
    misread = sum(drawing.is_misread for drawing in drawings)
    echo(f"\n{count(len(drawings), 'drawing')}, {misread:,} misread, in {printable(str(kept.path))}")


@drawings_command.command("merge")
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
@click.option("--into", required=True, metavar="FILE", type=click.Path(path_type=Path), help="The file to add them to.")
def merge_command(files: Sequence[Path], into: Path) -> None:
    """Put the drawings of several files into one.

    A drawing is added once. One without a writer's name gets the name of its file, or of its folder if the file is
    called drawings.jsonl.
    """
    from mnistlab.keeping.exchange import merge
    from mnistlab.keeping.file import KeptDrawings

    kept = KeptDrawings(into)
    merged = merge(files, kept)
    for path, contents in merged.sources.items():
        _told(path, contents)
    echo(f"{count(merged.added, 'drawing')} added to {printable(str(kept.path))}, {merged.known:,} known already")


@drawings_command.command("remove")
@click.argument("ids", nargs=-1, metavar="ID...")
@click.option("--writer", metavar="NAME", help="All drawings of this writer.")
@file_option
@click.option("--yes", is_flag=True, help="Do not ask.")
def remove_command(ids: Sequence[str], writer: str | None, file: Path | None, yes: bool) -> None:
    """Remove drawings, after asking.

    Those with these IDs, and all of one writer.
    """
    from mnistlab.keeping.drawing import writer_name
    from mnistlab.keeping.file import KeptDrawings

    kept = KeptDrawings(file)
    found = _told(kept.path, kept.read()).find(ids, None if writer is None else writer_name(writer))
    missing = [f"{one!r}" for one in ids if one not in {drawing.id for drawing in found}]
    if missing or not found:
        what = f"drawing has the id {missing[0]}" if missing else "drawing was named, by an id or by its writer"
        raise ParameterError(f"no {what}: 'mnistlab drawings' lists them")
    if yes or click.confirm(printable(f"Remove {count(len(found), 'drawing')} from {kept.path}?")):
        kept.remove({drawing.id for drawing in found})
        echo(f"{count(len(found), 'drawing')} removed")


@drawings_command.command("export")
@click.argument("folder", type=click.Path(path_type=Path))
@file_option
def export_command(folder: Path, file: Path | None) -> None:
    """Write all drawings into a new FOLDER.

    It gets drawings.jsonl with one drawing a line, and a picture of each, named by label and id.
    """
    from mnistlab.keeping.exchange import export
    from mnistlab.keeping.file import KeptDrawings

    kept = KeptDrawings(file)
    drawings = _told(kept.path, kept.read()).drawings
    export(drawings, folder)
    echo(f"{count(len(drawings), 'drawing')} in {printable(str(folder))}")


def _told(path: Path, contents: "Contents") -> "Contents":
    """The same, after saying which lines are damaged."""
    if contents.damaged:
        echo(f"{printable(str(path))}: {count(len(contents.damaged), 'damaged line')} left out", err=True)
        for number, reason in [*contents.damaged.items()][:MAX_TOLD]:
            echo(f"  line {number}: {reason}", err=True)
        if len(contents.damaged) > MAX_TOLD:
            echo("  …", err=True)
    return contents


def _row(drawing: "KeptDrawing") -> list[str]:
    answer = drawing.answer
    told = [str(answer), f"{answer.confidence:.1%}", answer.model.name] if answer else ["", "", ""]
    return [drawing.id, str(drawing.label), *told, _writer(drawing), f"{drawing.moment:%Y-%m-%d %H:%M} UTC"]


def _writer(drawing: "KeptDrawing") -> str:
    return drawing.writer or NO_NAME


def _counts(drawings: "Sequence[KeptDrawing]", key: "Callable[[KeptDrawing], str]") -> list[list[str]]:
    """A row for each key: how many drawings have it, and how many of these were misread."""
    groups: dict[str, list[KeptDrawing]] = {}
    for drawing in drawings:
        groups.setdefault(key(drawing), []).append(drawing)
    return [
        [name, f"{len(group):,}", f"{sum(one.is_misread for one in group):,}"] for name, group in sorted(groups.items())
    ]
