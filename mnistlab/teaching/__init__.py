"""The notebooks as a course: which cells are for whom, the evenings, and what a class is given."""
