from mnistlab.web.sessions import Sessions
from mnistlab.web.settings import WebSettings


def test_a_session_is_used_while_its_page_is_opened_and_while_its_kernel_runs() -> None:
    sessions = Sessions(WebSettings(sessions=2))
    sessions.opening = 1
    assert not sessions.are_all_used(["in the pool"])
    sessions.add("first")
    assert sessions.are_all_used(["first", "in the pool"])
    sessions.opening = 0
    sessions.add("second")
    assert sessions.are_all_used(["first", "second", "in the pool"])
    assert not sessions.are_all_used(["second", "in the pool"]), "the first page was closed"
