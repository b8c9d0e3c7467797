// Brings the cell that shows this into view: "Run All" leaves a notebook at its end.

// For so many ms it is kept there: cells get their height only when they come near the screen, and move the others.
const SETTLING = 1000;

function render({ el }) {
  let frame, began;
  const show = (now) => {
    if (el.isConnected) {
      began ??= now;
      (el.closest(".jp-Cell") ?? el).scrollIntoView();
    }
    if (!began || now - began < SETTLING) frame = requestAnimationFrame(show);
  };
  frame = requestAnimationFrame(show);
  return () => cancelAnimationFrame(frame);
}

export default { render };
