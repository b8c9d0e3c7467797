"""Marks of ink, and which of them belong to no digit: lines, frames, edges."""
