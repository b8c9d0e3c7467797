"""What a model says of a drawing, and how it is shown."""
