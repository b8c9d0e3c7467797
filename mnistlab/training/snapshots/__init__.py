"""The weights of a model as they were after each epoch of its training."""
