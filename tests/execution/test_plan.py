from collections.abc import Callable
from pathlib import Path

import pytest

from mnistlab.execution.plan import Planner


def test_auto_stands_for_the_drawings_that_are_taken(
    project: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An evaluation with the examples is another run than one with UJI, once that is here."""
    project("09_drawn", 'drawings: str = "auto"  # one of auto, uji, examples')
    names = []
    for name in ("examples", "uji"):
        monkeypatch.setattr("mnistlab.execution.plan.load_drawings", lambda asked, name=name: (name, []))
        plan = Planner("09_drawn").plan({})
        assert plan.parameters == {"drawings": name}
        names.append(plan.name)
    assert names[0] != names[1]
