from mnistlab.execution.plan import notebooks
from mnistlab.teaching.course import EVENINGS, course_of


def test_every_notebook_has_a_row_with_its_question_and_its_time() -> None:
    course = course_of(notebooks())
    assert [lesson.name for lesson in course.lessons] == [path.stem for path in notebooks()]
    assert all(lesson.question.endswith("?") and lesson.takes for lesson in course.lessons)
    rows = course._repr_markdown_().splitlines()[2:]
    assert [row.count("|") for row in rows] == [5] * len(rows), "nothing in it is taken for a column"
    assert rows[1].startswith("| 1 | [01_explore_data](01_explore_data.ipynb) | ")
    assert rows[-1].startswith("| later | ")


def test_the_first_notebooks_are_for_the_seven_evenings_in_their_order() -> None:
    assert [*EVENINGS] == sorted(EVENINGS)
    assert [*dict.fromkeys(EVENINGS.values())] == [1, 2, 3, 4, 5, 6, 7]
    assert {path.stem for path in notebooks() if path.stem < "09"} <= {*EVENINGS}
