import pandas as pd

from mnistlab.plots.tables import SortableTable


def test_a_table_names_its_columns_and_formats_its_values() -> None:
    table = SortableTable(pd.DataFrame({"accuracy": [0.5, None]}, index=["a", "b"]), {"accuracy": "{:.1%}"})
    assert repr(table) == "SortableTable(2 rows: accuracy)"
    html = table._repr_html_()
    assert ">50.0%<" in html
    assert "nan" not in html
    assert html.count("<script>") == 1
    assert html == table._repr_html_(), "the same table is the same page"
