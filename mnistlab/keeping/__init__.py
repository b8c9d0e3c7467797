"""Drawings that people keep with their true labels: one file, which stays on their machine."""
