// The window of a convolution over a digit: what it sees, times the weights of a filter, and what comes of the sum.
// All numbers are Python's but for the products and their sum.

// ms that the window takes to slide over the whole digit.
const SLIDE = 5000;

const clamp = (value, most) => Math.min(Math.max(value, 0), most);
const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);
const largest = (numbers) => numbers.reduce((most, number) => Math.max(most, Math.abs(number)), 1e-9);

// Rounded, without a minus before 0.
const text = (number, digits) => number.toFixed(digits).replace(/^-(0\.?0*)$/, "$1");

// The numbers as Python has them.
class Convolution {
  constructor(model) {
    Object.assign(this, { pixels: bytesOf(model, "pixels"), weights: floatsOf(model, "weights") });
    this.steps = model.get("steps");
    for (const name of ["height", "width", "padding", "side"]) this[name] = model.get(name);
    [this.rows, this.columns] = [this.steps[0].rows, this.steps[0].columns];
    this.filters = this.weights.length / this.side ** 2;
    const maps = floatsOf(model, "maps");
    let start = 0;
    this.maps = this.steps.map(({ rows, columns }) => maps.subarray(start, (start += this.filters * rows * columns)));
  }

  // What the window sees, row by row.
  seen({ row, column }) {
    const places = Array.from({ length: this.side ** 2 }, (_, i) => [Math.floor(i / this.side), i % this.side]);
    return places.map(([down, right]) => this.pixels[(row + down) * this.width + column + right] / 255);
  }

  weightsOf(filter) {
    return [...this.weights.subarray(filter * this.side ** 2, (filter + 1) * this.side ** 2)];
  }

  // All numbers of a filter after a step.
  map(step, filter) {
    const { rows, columns } = this.steps[step];
    return this.maps[step].subarray(filter * rows * columns, (filter + 1) * rows * columns);
  }

  // The arithmetic of one place, line by line: in words, and the number. Max pooling leaves odd ends out.
  lines({ filter, row, column }) {
    const products = this.products({ filter, row, column });
    const lines = [[`sum of the ${products.length} products`, sum(products)]];
    this.steps.forEach(({ name, values, rows, columns, reach }, step) => {
      const [down, right] = [Math.floor(row / reach), Math.floor(column / reach)];
      if (down >= rows || right >= columns) return;
      const number = this.map(step, filter)[down * columns + right];
      lines.push([values ? `${name} ${text(values[filter], 3)}` : name, number]);
    });
    return lines;
  }

  products(place) {
    const weights = this.weightsOf(place.filter);
    return this.seen(place).map((value, i) => value * weights[i]);
  }
}

// The digit with its brightness in numbers, and the window's frame.
class Digit {
  constructor(parent, { pixels, width, height, padding, side }) {
    this.el = svg(parent, "svg", { viewBox: `0 0 ${width} ${height}`, class: "mnistlab-window-digit" });
    this.width = width;
    pixels.forEach((value, i) => {
      const [x, y] = [i % width, Math.floor(i / width)];
      svg(this.el, "rect", { x, y, width: 1, height: 1, fill: `rgb(${value} ${value} ${value})` });
      const fill = value === 0 ? "#5c6670" : value < 140 ? "#e3e8ee" : "#101418";
      svg(this.el, "text", { x: x + 0.5, y: y + 0.5, fill }).textContent = value;
    });
    const [inner, outer] = [width - 2 * padding, height - 2 * padding];
    svg(this.el, "rect", { x: padding, y: padding, width: inner, height: outer, class: "mnistlab-window-edge" });
    const frame = (name) => svg(this.el, "rect", { width: side, height: side, class: name });
    this.frames = [frame("mnistlab-window-shadow"), frame("mnistlab-window-frame")];
  }

  show({ row, column }) {
    for (const frame of this.frames) frame.setAttribute("transform", `translate(${column} ${row})`);
  }

  // The place where the window's middle is nearest to the pointer.
  place(event, { rows, columns, side }) {
    const box = this.el.getBoundingClientRect();
    const scale = this.width / box.width;
    const [x, y] = [scale * (event.clientX - box.left), scale * (event.clientY - box.top)];
    const corner = (value, most) => clamp(Math.round(value - side / 2), most - 1);
    return { row: corner(y, rows), column: corner(x, columns) };
  }
}

// All numbers of a filter after a step, as colours.
class NumberMap {
  constructor(parent, name, { rows, columns, reach }) {
    Object.assign(this, { rows, columns, reach });
    const part = html(parent, "figure", `mnistlab-window-${name}`);
    this.el = svg(part, "svg", { viewBox: `0 0 ${columns} ${rows}`, role: "img" });
    this.caption = html(part, "figcaption");
    this.cells = Array.from({ length: rows * columns }, (_, i) =>
      svg(this.el, "rect", { x: i % columns, y: Math.floor(i / columns), width: 1, height: 1 }),
    );
    this.mark = svg(this.el, "rect", { width: 1, height: 1, class: "mnistlab-window-mark" });
  }

  fill(numbers, caption) {
    const most = largest(numbers);
    this.cells.forEach((cell, i) => {
      cell.setAttribute("class", numbers[i] < 0 ? "mnistlab-window-below" : "mnistlab-window-above");
      cell.setAttribute("fill-opacity", Math.abs(numbers[i]) / most);
    });
    this.caption.textContent = caption;
    this.el.setAttribute("aria-label", caption);
  }

  show({ row, column }) {
    const [down, right] = [Math.floor(row / this.reach), Math.floor(column / this.reach)];
    this.mark.setAttribute("transform", `translate(${right} ${down})`);
  }

  // Hides what the window has not reached yet: a cell is there once the last sum that it is made of is.
  reveal(reached, width) {
    this.cells.forEach((cell, i) => {
      const row = (Math.floor(i / this.columns) + 1) * this.reach - 1;
      const column = ((i % this.columns) + 1) * this.reach - 1;
      cell.style.visibility = row * width + column <= reached ? "" : "hidden";
    });
  }
}

// Three squares of numbers, and the lines below them.
class Arithmetic {
  constructor(parent, side) {
    const squares = html(parent, "div", "mnistlab-window-squares");
    const square = (sign, caption) => {
      const part = html(squares, "div", "mnistlab-window-square");
      html(part, "span", "mnistlab-window-sign", sign).setAttribute("aria-hidden", "true");
      const table = html(part, "table");
      html(table, "caption", "", caption);
      const rows = Array.from({ length: side }, () => html(table, "tr"));
      return rows.flatMap((row) => Array.from({ length: side }, () => html(row, "td")));
    };
    this.squares = [square("", "brightness / 255"), square("×", "weights"), square("=", "products")];
    this.lines = html(parent, "table", "mnistlab-window-lines");
  }

  show(convolution, place) {
    const shown = [convolution.seen(place), convolution.weightsOf(place.filter), convolution.products(place)];
    shown.forEach((numbers, i) => this.fill(this.squares[i], numbers, i === 0 ? 2 : 3));
    this.lines.replaceChildren();
    for (const [words, number] of convolution.lines(place)) {
      const line = html(this.lines, "tr", "mnistlab-window-line");
      html(line, "th", "", words).scope = "row";
      html(html(line, "td"), "data", "", `= ${text(number, 3)}`).value = number;
    }
  }

  fill(cells, numbers, digits) {
    const most = largest(numbers);
    cells.forEach((cell, i) => {
      cell.className = numbers[i] < 0 ? "mnistlab-window-below" : "mnistlab-window-above";
      cell.style.setProperty("--strength", `${(50 * Math.abs(numbers[i])) / most}%`);
      cell.textContent = text(numbers[i], digits);
    });
  }
}

class View {
  constructor(model, el) {
    Object.assign(this, { model, convolution: new Convolution(model), frame: undefined });
    const root = html(el, "div", "mnistlab-window");
    this.digit = new Digit(root, this.convolution);
    const beside = html(root, "div", "mnistlab-window-beside");
    const tools = html(beside, "div", "mnistlab-window-tools");
    const label = html(tools, "label", "mnistlab-window-filter", "Filter ");
    this.filters = html(label, "select");
    for (let i = 0; i < this.convolution.filters; i++) html(this.filters, "option", "", i).value = i;
    this.button = html(tools, "button", "jupyter-button mnistlab-window-slide", "Slide");
    this.where = html(tools, "span", "mnistlab-window-where");
    this.arithmetic = new Arithmetic(beside, this.convolution.side);
    const maps = html(beside, "div", "mnistlab-window-maps");
    const { steps } = this.convolution;
    this.maps = [new NumberMap(maps, "sums", steps[0]), new NumberMap(maps, "activations", steps.at(-1))];
    this.status = html(root, "div", "mnistlab-window-spoken");
    this.status.setAttribute("role", "status");
    const { side } = this.convolution;
    takeKeys(this.digit.el, `The digit. Arrow keys move a window of ${side} by ${side} pixels over it.`);
  }

  get place() {
    return Object.fromEntries(["filter", "row", "column"].map((name) => [name, this.model.get(name)]));
  }

  move(change) {
    this.stop();
    for (const [name, value] of Object.entries(change)) this.model.set(name, value);
    this.model.save_changes();
  }

  showFilter() {
    const { filter } = this.place;
    this.filters.value = filter;
    const [sums, activations] = this.maps;
    sums.fill(this.convolution.map(0, filter), `sums of filter ${filter}`);
    activations.fill(this.convolution.map(this.convolution.steps.length - 1, filter), "after the ReLU");
    this.showPlace();
  }

  showPlace() {
    const { row, column } = this.place;
    const [[, total]] = this.convolution.lines(this.place);
    this.show(this.place);
    this.status.textContent = `Row ${row}, column ${column}: sum ${text(total, 3)}`;
  }

  show(place) {
    for (const part of [this.digit, ...this.maps]) part.show(place);
    this.arithmetic.show(this.convolution, place);
    this.where.textContent = `row ${place.row}, column ${place.column}`;
  }

  press(event) {
    const direction = directionOf(event);
    if (!direction) return;
    const { row, column } = this.place;
    const { rows, columns } = this.convolution;
    const [right, down] = direction;
    this.move({ row: clamp(row + down, rows - 1), column: clamp(column + right, columns - 1) });
  }

  // Lets the window slide over the digit, row by row, while the maps grow; then it is back where it was.
  slide(began, now) {
    const { rows, columns } = this.convolution;
    const reached = Math.floor(((now - began) / SLIDE) * rows * columns);
    if (reached >= rows * columns) {
      this.stop();
      return;
    }
    const at = Math.max(reached, 0);
    this.show({ filter: this.place.filter, row: Math.floor(at / columns), column: at % columns });
    for (const map of this.maps) map.reveal(at, columns);
    this.frame = requestAnimationFrame((later) => this.slide(began, later));
  }

  toggle() {
    if (this.frame) {
      this.stop();
      return;
    }
    this.button.textContent = "Stop";
    this.slide(performance.now(), performance.now());
  }

  stop() {
    if (!this.frame) return;
    cancelAnimationFrame(this.frame);
    this.frame = undefined;
    this.button.textContent = "Slide";
    for (const map of this.maps) map.reveal(Infinity, 1);
    this.showPlace();
  }
}

function render({ model, el, signal }) {
  const view = new View(model, el);
  const { el: digit } = view.digit;
  const point = (event) => view.move(view.digit.place(event, view.convolution));
  digit.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    digit.setPointerCapture(event.pointerId);
    point(event);
  });
  digit.addEventListener("pointermove", (event) => digit.hasPointerCapture(event.pointerId) && point(event));
  digit.addEventListener("keydown", (event) => view.press(event));
  view.filters.addEventListener("change", () => view.move({ filter: Number(view.filters.value) }));
  view.button.addEventListener("click", () => view.toggle());
  model.on("change:filter", () => view.showFilter());
  for (const name of ["row", "column"]) model.on(`change:${name}`, () => view.showPlace());
  signal.addEventListener("abort", () => view.stop());
  view.showFilter();
}

export default { render };
