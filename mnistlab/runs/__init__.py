"""Runs on disk: their records, the registry, where they came from, copies elsewhere."""
