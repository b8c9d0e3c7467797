// Heads of every table of the class "mnistlab-sortable" sort its rows, by number where both are one.
for (const table of document.querySelectorAll("table.mnistlab-sortable:not([data-ready])")) {
  table.dataset.ready = "";
  const body = table.tBodies[0];
  const value = (row, column) => row.cells[column].textContent.trim();
  const compare = (a, b) => {
    if (a === "" || b === "") return (a === "") - (b === "");
    const [x, y] = [parseFloat(a), parseFloat(b)];
    return isNaN(x) || isNaN(y) ? a.localeCompare(b) : x - y;
  };
  for (const head of table.tHead.rows[0].cells) {
    const sort = () => {
      const falling = head.ariaSort === "ascending";
      for (const other of table.tHead.rows[0].cells) other.ariaSort = null;
      head.ariaSort = falling ? "descending" : "ascending";
      const rows = [...body.rows];
      rows.sort((a, b) => (falling ? -1 : 1) * compare(value(a, head.cellIndex), value(b, head.cellIndex)));
      body.append(...rows);
    };
    head.tabIndex = 0;
    head.style.cursor = "pointer";
    head.title = "sort by this";
    head.addEventListener("click", sort);
    head.addEventListener("keydown", event => event.key === "Enter" && sort());
  }
}
