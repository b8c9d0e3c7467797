"""A sortable table in a page, as in a report."""

import pandas as pd
from playwright.sync_api import Browser, Page, expect

from mnistlab.plots.tables import SortableTable


def column(page: Page, number: int) -> list[str]:
    return page.locator(f"tbody td:nth-of-type({number})").all_inner_texts()


def test_a_click_on_a_heading_sorts_by_its_numbers_and_another_reverses_the_order(browser: Browser) -> None:
    frame = pd.DataFrame({"accuracy": [0.9, 0.1, 0.95, None], "name": ["b", "c", "a", "d"]}, index=list("wxyz"))
    page = browser.new_page()
    page.set_content(f"<body>{SortableTable(frame, {'accuracy': '{:.1%}'})._repr_html_()}</body>")
    head = page.get_by_role("columnheader", name="accuracy")
    head.click()
    expect(head).to_have_attribute("aria-sort", "ascending")
    assert column(page, 1) == ["10.0%", "90.0%", "95.0%", ""]
    head.click()
    assert column(page, 1)[1:] == ["95.0%", "90.0%", "10.0%"]
    page.get_by_role("columnheader", name="name").focus()
    page.keyboard.press("Enter")
    assert column(page, 2) == ["a", "b", "c", "d"]
    expect(head).not_to_have_attribute("aria-sort", "descending")
    page.close()
