"""Which images a model misreads: the pairs of digits that it confuses, labels that people doubt, another model's."""
