// What the widgets of this folder share; it stands before the script of each.

// What the arrow keys do: right, down.
const MOVES = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

function html(parent, name, classes = "", content = "") {
  const made = document.createElement(name);
  made.className = classes;
  made.textContent = content;
  parent.append(made);
  return made;
}

function svg(parent, name, attributes) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  parent.append(made);
  return made;
}

// An attribute of bytes, as numbers from 0 to 255, and as floats of 32 bits.
function bytesOf(model, name) {
  const { buffer, byteOffset, byteLength } = model.get(name);
  return new Uint8Array(buffer.slice(byteOffset, byteOffset + byteLength));
}

const floatsOf = (model, name) => new Float32Array(bytesOf(model, name).buffer);

// The direction of an arrow key, for whoever takes it; undefined for other keys. JupyterLab does not get it.
function directionOf(event) {
  const direction = MOVES[event.key];
  if (!direction || event.ctrlKey || event.metaKey || event.altKey) return undefined;
  event.preventDefault();
  event.stopPropagation();
  return direction;
}

// Takes the keyboard, and says what it is; screen readers then leave the arrow keys to it.
function takeKeys(el, label) {
  el.setAttribute("tabindex", 0);
  el.setAttribute("role", "application");
  el.setAttribute("aria-label", label);
}
