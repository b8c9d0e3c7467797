"""Pictures of digits: read from a file, and separated into ink and all that is not."""

from mnistlab.pictures.file import read_picture
from mnistlab.pictures.finding import find_ink, inks_in
from mnistlab.pictures.steps import InkSteps

__all__ = ["InkSteps", "find_ink", "inks_in", "read_picture"]
