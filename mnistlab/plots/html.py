"""HTML that a notebook left, without all that could act: what others wrote is data."""

import base64
import hashlib
import re

import bleach
from bleach.css_sanitizer import CSSSanitizer

TEXT = """a abbr b blockquote br code del details div em hr i img kbd p pre s small span strong sub summary sup u
h1 h2 h3 h4 h5 h6 dd dl dt li ol ul"""

TABLES = "caption col colgroup table tbody td tfoot th thead tr"


_NOTEBOOK = re.compile(r"[^:]+\.ipynb(#.*)?")
"""The address of a notebook in the same folder: beside a report there is none."""


def _is_kept(tag: str, name: str, value: str) -> bool:
    """Whether an attribute stays: looks, and addresses of links and of pictures that are in the page itself."""
    if tag == "img" and name == "src":
        return value.startswith("data:image/")
    if (tag, name) == ("a", "href"):
        return not _NOTEBOOK.fullmatch(value)
    return name in ("alt", "class", "colspan", "id", "rowspan", "scope", "style", "title")


PROTOCOLS = frozenset({"http", "https", "mailto", "data"})
"""Of addresses; pictures are in the page itself."""

_ACTIVE = re.compile(r"<(script|style)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)


def clean(html: str) -> str:
    """Return HTML with text, tables and pictures only: no scripts, styles, forms, frames or foreign pictures.

    Parameters
    ----------
    html : str
        What a cell of text or an output came to.
    """
    return bleach.clean(
        _ACTIVE.sub("", html),
        tags={*TEXT.split(), *TABLES.split()},
        attributes=_is_kept,
        protocols=PROTOCOLS,
        strip=True,
        css_sanitizer=CSSSanitizer(),
    )


def content_policy(script: str) -> str:
    """Return the content security policy of a page that runs this script and no other, and loads nothing."""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return (
        f"default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; img-src data:; font-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
