from collections.abc import Callable
from pathlib import Path

import pytest

from mnistlab.errors import ParameterError
from mnistlab.execution.parameters import Value
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


@pytest.mark.parametrize("parameters", [{"note": "a\udcff"}, {"note": "a\x00"}, {"\udcff": "1"}])
def test_bytes_that_are_no_text_are_an_error_before_anything_is_done(
    project: Callable[..., Path], parameters: dict[str, Value]
) -> None:
    project("01_x", 'note: str = ""  # anything')
    with pytest.raises(ParameterError, match=r"'.*\\.*' is no text: write parameters") as caught:
        Planner("01_x").plan(parameters)
    assert str(caught.value).isprintable()
    assert Planner("01_x").plan({"note": "한글"}).parameters == {"note": "한글"}
