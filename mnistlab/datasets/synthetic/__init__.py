"""Drawings made by seeded generators."""
