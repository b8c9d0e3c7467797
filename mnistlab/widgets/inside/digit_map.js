// A map of digits: each at its place, written as its label. One is chosen, and its image is shown beside.

const SIDE = 28;

// The digits as Python has them.
class Digits {
  constructor(model) {
    for (const name of ["labels", "answers", "images"]) this[name] = bytesOf(model, name);
    const places = floatsOf(model, "points");
    this.count = this.labels.length;
    this.points = Array.from({ length: this.count }, (_, i) => [100 * places[2 * i], 100 * places[2 * i + 1]]);
  }

  isWrong(i) {
    return this.labels[i] !== this.answers[i];
  }

  // The one nearest to a point.
  nearest(x, y) {
    const far = this.points.map(([left, top]) => Math.hypot(left - x, top - y));
    return far.indexOf(Math.min(...far));
  }

  // The nearest one that lies more in this direction than to its sides; the same if there is none.
  towards(i, [right, down]) {
    const [x, y] = this.points[i];
    const far = this.points.map(([left, top]) => {
      const along = (left - x) * right + (top - y) * down;
      const aside = Math.abs((left - x) * down) + Math.abs((top - y) * right);
      return along > 0 && along >= aside ? Math.hypot(along, aside) : Infinity;
    });
    const least = Math.min(...far);
    return least === Infinity ? i : far.indexOf(least);
  }

  // The mistake after this one, in their order, then the first again; the same if there is none.
  nextWrong(i) {
    for (let step = 1; step <= this.count; step++) {
      const next = (i + step) % this.count;
      if (this.isWrong(next)) return next;
    }
    return i;
  }
}

class View {
  constructor(model, el) {
    Object.assign(this, { model, digits: new Digits(model) });
    const root = html(el, "div", "mnistlab-map");
    this.el = svg(root, "svg", { viewBox: "0 0 100 100", class: "mnistlab-map-points" });
    const told = "Arrow keys choose the nearest digit in their direction.";
    takeKeys(this.el, `A map of ${this.digits.count} digits. ${told}`);
    this.place();
    this.ring = svg(this.el, "circle", { r: 2.6, class: "mnistlab-map-chosen" });
    const beside = html(root, "div", "mnistlab-map-beside");
    this.image = html(beside, "canvas", "mnistlab-map-image");
    Object.assign(this.image, { width: SIDE, height: SIDE });
    this.image.setAttribute("role", "img");
    this.caption = html(beside, "div", "mnistlab-map-caption");
    this.caption.setAttribute("role", "status");
    this.next = html(beside, "button", "jupyter-button mnistlab-map-next", "Next mistake");
    this.next.disabled = !this.digits.labels.some((_, i) => this.digits.isWrong(i));
    html(beside, "div", "mnistlab-map-legend", "A number is a digit's label; a ring: misread.");
  }

  // Mistakes last: they lie over the others.
  place() {
    const { points, labels } = this.digits;
    const order = [...points.keys()].sort((i, j) => this.digits.isWrong(i) - this.digits.isWrong(j));
    for (const i of order) {
      const [x, y] = points[i];
      svg(this.el, "text", { x, y, class: `mnistlab-map-${labels[i]}` }).textContent = labels[i];
      if (this.digits.isWrong(i)) svg(this.el, "circle", { cx: x, cy: y, r: 1.7, class: "mnistlab-map-wrong" });
    }
  }

  choose(i) {
    this.model.set("chosen", i);
    this.model.save_changes();
  }

  show() {
    const chosen = this.model.get("chosen");
    const [x, y] = this.digits.points[chosen];
    this.ring.setAttribute("transform", `translate(${x} ${y})`);
    const pixels = new ImageData(SIDE, SIDE);
    this.digits.images.subarray(chosen * SIDE ** 2, (chosen + 1) * SIDE ** 2).forEach((value, i) => {
      pixels.data.set([value, value, value, 255], 4 * i);
    });
    this.image.getContext("2d").putImageData(pixels, 0, 0);
    const caption = this.model.get("captions")[chosen];
    this.caption.textContent = caption;
    this.image.setAttribute("aria-label", caption);
  }

  click(event) {
    const box = this.el.getBoundingClientRect();
    const scale = 100 / box.width;
    this.choose(this.digits.nearest(scale * (event.clientX - box.left), scale * (event.clientY - box.top)));
  }

  press(event) {
    const direction = directionOf(event);
    if (direction) this.choose(this.digits.towards(this.model.get("chosen"), direction));
  }
}

function render({ model, el }) {
  const view = new View(model, el);
  view.el.addEventListener("click", (event) => view.click(event));
  view.el.addEventListener("keydown", (event) => view.press(event));
  view.next.addEventListener("click", () => view.choose(view.digits.nextWrong(model.get("chosen"))));
  model.on("change:chosen", () => view.show());
  view.show();
}

export default { render };
