"""What is drawn on the pad: its strokes, and the canvas that shows them."""
