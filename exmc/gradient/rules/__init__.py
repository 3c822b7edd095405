"""Simplifications of programs, by topic."""
