"""Widgets that show what happens to a digit inside a network.

They have these CSS classes, for styles and for automation, and keep them::

    mnistlab-window              the sliding window
    mnistlab-window-digit        the digit that it slides over: takes mouse, finger and arrow keys
    mnistlab-window-filter       around the list of filters
    mnistlab-window-slide        a button: the window slides over the whole digit
    mnistlab-window-line         a line of the arithmetic; its number is in a ``data``
    mnistlab-window-sums         all sums, one for each place of the window
    mnistlab-window-activations  what the ReLU makes of them
    mnistlab-map                 the map of digits
    mnistlab-map-points          all digits, each at its place: takes mouse, finger and arrow keys
    mnistlab-map-next            a button: chooses the next mistake
    mnistlab-map-image           the image of the chosen digit
    mnistlab-map-caption         its number, label and answer
"""
