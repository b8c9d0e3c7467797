"""Why a model gives its answer: which ink speaks for a digit, and which against it."""
