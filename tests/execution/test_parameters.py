from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from mnistlab.errors import ParameterError
from mnistlab.execution.parameters import Parameter, Value, fill_in, read_parameters

CELL = """
dataset: str = "auto"  # what to learn from: one of auto, mnist, digits
epochs: int = 8  # most passes, 0 takes the preset's: 0 to 1000
rate: float = 0.001  # step size: 1e-6 to 1
quick: bool = False  # skip the pictures
note: str = ""  # anything
"""


@pytest.fixture
def known(project: Callable[..., Path]) -> Mapping[str, Parameter]:
    return read_parameters(project("01_x", CELL))


def test_what_is_not_given_has_its_default(known: Mapping[str, Parameter]) -> None:
    defaults = {"dataset": "auto", "epochs": 8, "rate": 0.001, "quick": False, "note": ""}
    assert fill_in("01_x", known, {}) == defaults


def test_the_cell_says_what_is_valid(known: Mapping[str, Parameter]) -> None:
    assert {name: parameter.valid for name, parameter in known.items()} == {
        "dataset": "one of auto, mnist, digits",
        "epochs": "int, 0 to 1000",
        "rate": "float, 1e-06 to 1",
        "quick": "bool",
        "note": "str",
    }


def test_text_becomes_the_type_of_the_parameter(known: Mapping[str, Parameter]) -> None:
    values = fill_in("01_x", known, {"epochs": "3", "rate": "1", "quick": "true", "note": "7"})
    assert values == {"dataset": "auto", "epochs": 3, "rate": 1.0, "quick": True, "note": "7"}
    assert isinstance(values["rate"], float)


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("epohcs", "3", r"01_x has no parameter epohcs \(did you mean epochs\?\). It has dataset: one of auto"),
        ("epochs", "ten", "epochs cannot be 'ten': it takes int, 0 to 1000"),
        ("epochs", 2.5, r"epochs cannot be 2.5: it takes int"),
        ("epochs", "-1", "epochs cannot be -1: it takes int, 0 to 1000"),
        ("rate", "nan", "rate cannot be nan: it takes float, 1e-06 to 1"),
        ("dataset", "imagenet", "dataset cannot be imagenet: it takes one of auto, mnist, digits"),
        ("quick", "maybe", "quick cannot be 'maybe': it takes bool"),
    ],
)
def test_what_does_not_fit_is_an_error_that_says_what_does(
    known: Mapping[str, Parameter], name: str, value: Value, complaint: str
) -> None:
    with pytest.raises(ParameterError, match=complaint):
        fill_in("01_x", known, {name: value})


def test_several_choices_are_joined_by_a_plus_where_the_cell_says_so(project: Callable[..., Path]) -> None:
    known = read_parameters(project("01_x", 'dataset: str = "a"  # what to learn from: any of a, b, c joined by +'))
    assert known["dataset"].valid == "any of a, b, c joined by +"
    for value in ("a", "c+a", "b+c+a"):
        assert fill_in("01_x", known, {"dataset": value}) == {"dataset": value}
    for value in ("", "a+", "a+d", "a, b"):
        with pytest.raises(ParameterError, match=r"dataset cannot be .*: it takes any of a, b, c joined by \+"):
            fill_in("01_x", known, {"dataset": value})
