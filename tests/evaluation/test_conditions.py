import random
import warnings
from contextlib import suppress

import pandas as pd
import pytest

from mnistlab.errors import ParameterError
from mnistlab.evaluation.comparison import select
from mnistlab.evaluation.conditions import MAX_DEPTH, MAX_LENGTH, fulfilled

TABLE = pd.DataFrame(
    {
        "dataset": ["mnist", "digits", None, "mnist"],
        "accuracy": [0.5, 0.9, 0.99, float("nan")],
        "epochs": [1, 2, 3, 4],
        "dirty": [True, False, None, True],
        "started": pd.to_datetime(["2026-01-01", "2026-01-02", None, "2026-01-04"], utc=True),
        "odd name": [1, 1, 2, 2],
        "mixed": [1, "x", [1], None],
    },
    index=pd.Index(["a", "b", "c", "d"], name="run"),
)


def chosen(where: str) -> str:
    return "".join(select(TABLE, where).index)


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("dataset=='mnist' and accuracy>0.4", "a"),
        ("0.5 < accuracy <= 0.99", "bc"),
        ("0.5 == accuracy", "a"),
        ("epochs in [1, 4] or accuracy >= .99", "acd"),
        ("epochs not in (1, 4)", "bc"),
        ("epochs > -1 and not (epochs == 2 or epochs == 3)", "ad"),
        ("dirty", "ad"),
        ("not dirty", "b"),
        ("dirty == False", "b"),
        ("started >= '2026-01-02'", "bd"),
        ("started < '2026-01-02T00:00:00+02:00'", "a"),
        ("`odd name` == 2 and dataset != '`odd name`'", "d"),
        ("run == 'c'", "c"),
        ("mixed == 'x'", "b"),
        (" epochs\t== 1 ", "a"),
        ("True", "abcd"),
    ],
)
def test_a_condition_chooses_rows(where: str, expected: str) -> None:
    assert chosen(where) == expected


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("accuracy > 0.9", "c"),
        ("not accuracy > 0.9", "ab"),
        ("accuracy != 0.5", "bc"),
        ("accuracy not in [0.5]", "bc"),
        ("accuracy > 0.9 or epochs == 4", "cd"),
        ("accuracy == None", "d"),
        ("accuracy != None and dataset != None", "ab"),
        ("mixed > 0", "a"),
        ("not mixed > 0", ""),
    ],
)
def test_a_missing_value_fulfils_neither_a_comparison_nor_its_opposite(where: str, expected: str) -> None:
    assert chosen(where) == expected


@pytest.mark.parametrize(
    "where",
    [
        "@pd.io.common.os.system('touch x')",
        "__import__('os').system('touch x')",
        "dataset.str.contains('m')",
        "dataset.__class__ == 1",
        "epochs[0] == 1",
        "epochs + 1 == 2",
        "epochs == 10 ** 10 ** 10",
        "(lambda: True)()",
        "[one for one in dataset]",
        "f'{epochs}' == '1'",
        "(x := 1) == 1",
        "epochs == 1 if True else False",
        "epochs is 1",
        "epochs is None",
        "epochs == b'1'",
        "epochs == 1j",
        "epochs == ...",
        "epochs == [dataset]",
        "epochs in 1",
        "dataset in 'mnist'",
        "epochs in {1}",
        "epochs",
        "1",
        "'mnist'",
        "None",
        "epochs > 'x'",
        "started > 'yesterday'",
        "epochs == 1; epochs == 2",
        "epochs == 1\nepochs == 2",
        "epochs == 1\0",
        "epochs == '\ud800'",
        "(" * 500,
        "not " * (MAX_DEPTH + 1) + "dirty",
        "not " * 240 + "dirty",
        "-" * 900 + "1",
        "[" * 90 + "]" * 90,
        "dirty and " * MAX_LENGTH + "dirty",
        "9" * 5000,
        "`",
        "``",
        "  ",
    ],
    ids=lambda where: ascii(where)[:30],
)
def test_what_is_no_condition_is_one_line(where: str) -> None:
    with pytest.raises(ParameterError) as caught:
        fulfilled(TABLE, where)
    assert "\n" not in str(caught.value)


def test_an_unknown_column_is_answered_with_the_near_ones() -> None:
    with pytest.raises(
        ParameterError, match=r"no column acuracy \(did you mean accuracy\?\); the columns are dataset,"
    ):
        select(TABLE, "acuracy > 1")


def test_random_text_raises_only_the_documented_error() -> None:
    pieces = [
        *TABLE.columns,
        "run",
        "'a'",
        "1",
        "-2.5",
        "None",
        "True",
        "and",
        "or",
        "not",
        "in",
        "is",
        "==",
        "!=",
        "<",
    ]
    pieces += [">=", "(", ")", "[", "]", ",", "`", "'", '"', "\\", "@", ".", ":=", "lambda", "if", "else", "f'{", "}"]
    pieces += [
        "*",
        "**",
        "~",
        "0x",
        "1e999",
        "\t",
        "\n",
        "\0",
        "\x1b",
        "é",
        "한",
        "\u202e",
        "\ud800",
        ";",
        "#",
        "await",
    ]
    rng = random.Random(0)
    valid = 0
    for _ in range(2000):
        where = rng.choice(["", " "]).join(rng.choices(pieces, k=rng.randint(1, rng.choice([4, 12, 60]))))
        with suppress(ParameterError), warnings.catch_warnings(action="error"):
            fulfilled(TABLE, where)
            valid += 1
    assert valid > 5
