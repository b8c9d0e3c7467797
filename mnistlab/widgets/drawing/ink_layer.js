// Lies over the drawing pad's canvas: shows ink at once, sends it to the kernel in pieces, and takes it
// away again when the kernel has drawn it on the canvas below. Coordinates are canvas pixels.

const KEYS = ["Enter", "Delete", "Backspace", ..."0123456789"];

// While the kernel has not answered the last piece, what is drawn waits for the next one, so that a busy
// kernel finds few messages. It does not wait for longer than this, in ms: an answer may be lost.
const ANSWER_TIMEOUT = 1000;

// Strokes that the kernel has not drawn yet, on a transparent canvas.
class Ink {
  constructor(sheet, colour, background) {
    Object.assign(this, { sheet, colour, background, strokes: new Map(), hidesCanvas: false });
    this.canvas = document.createElement("canvas");
    this.context = this.canvas.getContext("2d");
  }

  add(stroke) {
    this.strokes.set(stroke.id, stroke);
    this.fit();
    this.draw(stroke, 0);
  }

  // Shows an empty canvas until the kernel has emptied the one below.
  clear() {
    this.strokes.clear();
    this.hidesCanvas = true;
    this.redraw();
  }

  // Draws the points of a stroke from this one on, joined to the one before.
  draw({ points, width }, first) {
    const { context } = this;
    const [x, y] = points[Math.max(first - 1, 0)];
    if (first === 0) {
      context.beginPath();
      context.arc(x, y, width / 2, 0, 2 * Math.PI);
      context.fill();
    }
    context.lineWidth = width;
    context.beginPath();
    context.moveTo(x, y);
    for (const point of points.slice(first)) context.lineTo(...point);
    context.stroke();
  }

  redraw() {
    const { width, height } = this.sheet();
    this.context.clearRect(0, 0, width, height);
    if (this.hidesCanvas) {
      this.context.fillStyle = this.background;
      this.context.fillRect(0, 0, width, height);
      this.context.fillStyle = this.colour;
    }
    for (const stroke of this.strokes.values()) this.draw(stroke, stroke.drawn);
  }

  // The window may have been moved to a screen with other pixels, and the sheet may be another one.
  fit() {
    const { width, height } = this.sheet();
    const ratio = window.devicePixelRatio;
    const [across, down] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (this.canvas.width === across && this.canvas.height === down) return;
    [this.canvas.width, this.canvas.height] = [across, down];
    this.context.scale(ratio, ratio);
    this.context.lineCap = this.context.lineJoin = "round";
    this.context.fillStyle = this.context.strokeStyle = this.colour;
    this.redraw();
  }
}

// Sends what is drawn: at most one piece in each frame of the page, and one more when the pen is lifted.
class Sender {
  constructor(model) {
    Object.assign(this, { model, isAnswered: true, sentAt: 0, frame: undefined });
  }

  grow(stroke) {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = undefined;
      if (this.isAnswered || performance.now() - this.sentAt > ANSWER_TIMEOUT) this.send(stroke);
      else this.grow(stroke);
    });
  }

  send(stroke) {
    cancelAnimationFrame(this.frame);
    this.frame = undefined;
    const { id, points, sent, isEnded } = stroke;
    this.model.send({ event: "ink", stroke: id, first: sent, points: points.slice(sent), ended: isEnded });
    stroke.sent = points.length;
    this.isAnswered = false;
    this.sentAt = performance.now();
  }
}

// One stroke at a time: while a finger draws, another finger and the mouse do nothing.
class Pen {
  constructor(model, el, ink, width) {
    Object.assign(this, { el, ink, width, stroke: undefined, pointer: undefined, count: 0 });
    this.sender = new Sender(model);
    this.page = Math.random().toString(36).slice(2); // two pages may show the same pad
    this.outside = model.get("outside");
  }

  down(event) {
    if (this.stroke || event.button !== 0) return;
    this.el.setPointerCapture(event.pointerId);
    this.pointer = event.pointerId;
    const id = `${this.page}-${this.count++}`;
    this.stroke = { id, width: this.width(), points: [this.place(event)], sent: 0, drawn: 0, isEnded: false };
    this.ink.add(this.stroke);
    this.sender.grow(this.stroke);
  }

  move(event) {
    if (!this.stroke || event.pointerId !== this.pointer) return;
    const { points } = this.stroke;
    const first = points.length;
    const moves = event.getCoalescedEvents?.() ?? [event]; // browsers have it for https and this machine only
    for (const each of moves) points.push(this.place(each));
    this.ink.draw(this.stroke, first);
    this.sender.grow(this.stroke);
  }

  lift() {
    if (!this.stroke) return;
    this.stroke.isEnded = true;
    this.sender.send(this.stroke);
    this.stroke = undefined;
  }

  clear() {
    this.lift();
    this.ink.clear();
  }

  // What the kernel says, just after it has drawn on the canvas below.
  hear({ event, stroke, count, open }) {
    if (event === "drawn") this.drawn(stroke, count, open);
    else if (event === "cleared") this.ink.hidesCanvas = false;
    requestAnimationFrame(() => this.ink.redraw()); // by then the canvas below shows it
  }

  // A stroke that is not open in the kernel has ended, or was removed while it grew.
  drawn(id, count, isOpen) {
    if (!id.startsWith(this.page)) return;
    this.sender.isAnswered = true;
    if (!isOpen && this.stroke?.id === id) this.stroke = undefined;
    const stroke = this.ink.strokes.get(id);
    if (!isOpen) this.ink.strokes.delete(id);
    else if (stroke) stroke.drawn = count;
  }

  place(event) {
    const box = this.el.getBoundingClientRect();
    const { width, height } = this.ink.sheet();
    const inRange = (value, most) => Math.min(Math.max(value, -this.outside), most + this.outside);
    const rounded = (value, most) => Math.round(100 * inRange(value, most)) / 100;
    const scale = width / box.width;
    return [rounded(scale * (event.clientX - box.left), width), rounded(scale * (event.clientY - box.top), height)];
  }
}

function press(event, model, pen) {
  const modified = event.shiftKey || event.ctrlKey || event.metaKey || event.altKey;
  const isUndo = event.key === "z" && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey;
  if (!isUndo && (modified || !KEYS.includes(event.key))) return;
  event.preventDefault();
  event.stopPropagation(); // JupyterLab has commands for some of these
  if (event.key === "Delete" || event.key === "Backspace") pen.clear();
  else pen.lift();
  const { key, shiftKey: shift_key, ctrlKey: ctrl_key, metaKey: meta_key } = event;
  model.send({ event: "key_down", key, shift_key, ctrl_key, meta_key });
}

// Takes the canvas below out of the order of the Tab key, because it would not let go of the keyboard, and
// clears the ink when the button is clicked, because the kernel may be busy.
async function connect(el, signal, pen) {
  const inPad = (name) => el.closest(".mnistlab-pad")?.querySelector(`.mnistlab-${name}`);
  while (!signal.aborted && !(inPad("canvas") && inPad("clear"))) await new Promise(requestAnimationFrame);
  if (signal.aborted) return;
  inPad("canvas").inert = true;
  inPad("clear").addEventListener("click", () => pen.clear(), { signal });
}

// Tells those who do not see the page what the pad says of a finished drawing. It stays in the page, and only its
// text changes: that is what screen readers wait for.
function speak(model, el) {
  el.setAttribute("role", "img");
  el.setAttribute("aria-label", model.get("label"));
  const status = document.createElement("div");
  status.className = "mnistlab-spoken";
  status.setAttribute("role", "status");
  model.on("change:spoken", () => (status.textContent = model.get("spoken")));
  el.after(status);
}

async function render({ model, el, signal, host }) {
  const slider = await host.getModel(model.get("pen"));
  const sheet = () => ({ width: model.get("width"), height: model.get("height") });
  const ink = new Ink(sheet, model.get("colour"), model.get("background"));
  const pen = new Pen(model, el, ink, () => slider.get("value"));
  el.append(ink.canvas);
  speak(model, el);
  el.tabIndex = 0;
  el.addEventListener("pointerdown", (event) => pen.down(event));
  el.addEventListener("pointermove", (event) => pen.move(event));
  for (const kind of ["pointerup", "pointercancel"])
    el.addEventListener(kind, (event) => event.pointerId === pen.pointer && pen.lift());
  el.addEventListener("keydown", (event) => press(event, model, pen));
  model.on("msg:custom", (message) => pen.hear(message));
  for (const side of ["width", "height"]) model.on(`change:${side}`, () => ink.fit());
  signal.addEventListener("abort", () => pen.lift());
  connect(el, signal, pen);
}

export default { render };
