"""From a notebook and its parameters to a run's folder."""
