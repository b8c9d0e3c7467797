"""Arrays and tables in, Matplotlib axes and HTML out."""
