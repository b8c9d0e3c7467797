"""Small SVG and PDF files with a digit in them."""

from collections.abc import Sequence

from mnistlab.strokes import Drawing

PEN = 24


def svg(body: str, size: str = 'viewBox="0 0 280 280"') -> bytes:
    """Return an SVG file with this in it."""
    names = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    return f"<svg {names} {size}>{body}</svg>".encode()


def drawn_svg(drawing: Drawing) -> bytes:
    """Return an SVG file of a drawing, black on nothing."""
    lines = "".join(f'<polyline points="{" ".join(f"{x},{y}" for x, y in stroke)}"/>' for stroke in drawing)
    style = f'fill="none" stroke="black" stroke-width="{PEN}" stroke-linecap="round" stroke-linejoin="round"'
    return svg(f"<g {style}>{lines}</g>")


def pdf(pages: Sequence[bytes] = (b"",), width: float = 280, height: float = 280, trailer: bytes = b"") -> bytes:
    """Return a PDF file of pages with these contents."""
    content, references = b"%PDF-1.4\n", b"".join(b"%d 0 R " % (3 + 2 * n) for n in range(len(pages)))
    content += b"1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj\n"
    content += b"2 0 obj <</Type /Pages /Kids [%s] /Count %d>> endobj\n" % (references, len(pages))
    for n, page in enumerate(pages):
        box = f"[0 0 {width} {height}]".encode()
        content += b"%d 0 obj <</Type /Page /Parent 2 0 R /MediaBox %s" % (3 + 2 * n, box)
        content += b" /Contents %d 0 R>> endobj\n" % (4 + 2 * n)
        content += b"%d 0 obj <</Length %d>> stream\n%s\nendstream endobj\n" % (4 + 2 * n, len(page), page)
    return content + b"trailer <</Root 1 0 R %s>>\n%%%%EOF\n" % trailer


def drawn_pdf(drawing: Drawing) -> bytes:
    """Return a PDF file whose page is a drawing; y points up in it."""
    lines = [
        " ".join(f"{x} {280 - y} {'l' if n else 'm'}" for n, (x, y) in enumerate(stroke)) + " S" for stroke in drawing
    ]
    return pdf([f"{PEN} w 1 J 1 j\n{' '.join(lines)}".encode()])


def locked_pdf() -> bytes:
    """Return a PDF file that no password opens."""
    text = b"<%s>" % (b"61" * 32)
    encryption = b"<</Filter /Standard /V 1 /R 2 /P -4 /O %s /U %s>>" % (text, text)
    return pdf(trailer=b"/Encrypt %s /ID [%s %s]" % (encryption, text, text))
