"""Pages of lines and shapes, in SVG and PDF files, drawn as pictures."""

import io
import os
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress

from mnistlab.picture_files.formats import PageFormat, PictureFileError, reason

TIMEOUT = 20
"""Seconds that drawing a page may take: a small file can ask for hours."""

MEMORY = 500_000_000
"""Bytes of address space that drawing a page may take, where the system can limit that."""

EXPLAINED = 3
"""Exit code of a process whose last line says why the page cannot be drawn."""


def draw_page(form: PageFormat, content: bytes, side: int) -> bytes:
    """Draw a page in another process, which may take long, need much memory, or crash, without harm to this one.

    Parameters
    ----------
    form : PageFormat
        Its package must be installed.
    content : bytes
        The whole file.
    side : int
        Longest side of the picture, in pixels.

    Returns
    -------
    bytes
        A PNG file. What an SVG does not paint stays transparent; a PDF's page is white.

    Raises
    ------
    PictureFileError
        If the file is damaged, has several pages, needs a password, or takes too much time or memory.
    """
    import subprocess  # late: few pictures need it

    program = f"from mnistlab.picture_files.pages import main; main({form.name!r}, {side})"
    command = [sys.executable, "-P", "-c", program]  # -P: nothing is imported from the current folder
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    try:
        process = subprocess.run(command, input=content, capture_output=True, timeout=TIMEOUT, env=environment)
    except subprocess.TimeoutExpired:
        raise PictureFileError(f"cannot be read: drawing it takes more than {TIMEOUT} s, save it as PNG") from None
    if process.returncode == EXPLAINED:
        raise PictureFileError(f"cannot be read: {process.stderr.decode('utf-8', 'replace').splitlines()[-1]}")
    if process.returncode:
        raise PictureFileError("cannot be read: the file is damaged, or drawing it takes too much memory")
    return process.stdout


def main(name: str, side: int) -> None:
    """Draw the page on standard input, and write it to standard output: the program of the other process."""
    with suppress(ImportError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (TIMEOUT, TIMEOUT))  # should nobody wait any more
    try:
        picture = PAINTERS[name](sys.stdin.buffer.read(), side)
    except Exception as error:  # of the file, as in mnistlab.picture_files.decoding
        sys.stderr.buffer.write(f"{reason(error)}\n".encode("utf-8", "replace"))
        sys.exit(EXPLAINED)
    sys.stdout.buffer.write(picture)


def draw_svg(content: bytes, side: int) -> bytes:
    """Return an SVG as PNG, with nothing from other files or addresses in it; other errors than `draw_page`'s too."""
    import resvg_py
    from defusedxml import ElementTree
    from defusedxml.common import DefusedXmlException

    try:
        root = ElementTree.fromstring(content)
    except DefusedXmlException:
        raise PictureFileError("it defines entities of its own, save it as plain SVG") from None
    if root.tag != "{http://www.w3.org/2000/svg}svg":
        raise PictureFileError("it is XML, but not SVG")
    for element in root.iter():  # the painter would open the files that it names
        for attribute, value in list(element.attrib.items()):
            if attribute.rpartition("}")[2] == "href" and not value.strip().startswith(("#", "data:")):
                del element.attrib[attribute]
    has_text = any(str(element.tag).endswith("}text") for element in root.iter())
    plain = ElementTree.tostring(root, encoding="unicode")
    return resvg_py.svg_to_bytes(svg_string=plain, width=side, height=side, skip_system_fonts=not has_text)


def draw_pdf(content: bytes, side: int) -> bytes:
    """Return the only page of a PDF as PNG; other errors than `draw_page`'s too."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        needs_password = "password" in str(error).lower()
        raise PictureFileError(
            "it needs a password, save it without one" if needs_password else "a damaged PDF file"
        ) from None
    if len(document) != 1:
        raise PictureFileError(f"it has {len(document):,} pages, save the one with the digit as a file of its own")
    page, picture = document[0], io.BytesIO()
    page.render(scale=side / max(page.get_size())).to_pil().save(picture, "PNG", compress_level=1)
    return picture.getvalue()


PAINTERS: Mapping[str, Callable[[bytes, int], bytes]] = {"SVG": draw_svg, "PDF": draw_pdf}
