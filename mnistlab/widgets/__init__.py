"""The parts of the drawing pad; `inside` has widgets of its own.

The pad's parts have these CSS classes, for styles and for automation, and keep them::

    mnistlab-canvas         the canvas, 280 CSS pixels wide and high; for numbers up to 580 wide
    mnistlab-ink            over the canvas: takes mouse, finger, pen and keys; without it, the canvas takes them
    mnistlab-predict, mnistlab-clear, mnistlab-undo     buttons
    mnistlab-live           around a checkbox: predict while the pen moves
    mnistlab-number         around a checkbox: draw whole numbers
    mnistlab-digits         around a number's digits, large: each is a button
    mnistlab-box            on the canvas, around a digit of a number
    mnistlab-pen            around the slider for the pen's width
    mnistlab-model          around the list of models
    mnistlab-digit          its text is the predicted digit only; empty if nothing is drawn
    mnistlab-bars           a table of ten rows: mark, digit, bar, probability
    mnistlab-winner         the row of the predicted digit
    mnistlab-seen           the image that the model was given
    mnistlab-error          around one line with an error message; without text if there is no error
    mnistlab-why            the row that shows reasons on the drawing
    mnistlab-keeping        the row that keeps drawings: mnistlab-labels around its ten buttons, for the true digit
    mnistlab-drawing        around a text area that is not shown: the drawing, for a page that must start anew
    mnistlab-language-en    on the pad itself: the language of its text
"""
