"""Many runs at once: a grid, a cluster, what became of each run."""
