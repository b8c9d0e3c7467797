"""From a recipe and digits to a model that is ready to use."""
