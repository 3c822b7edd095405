"""Autodiff's one door, special functions, guards and random streams.

Empty on purpose: importing `exmc.numerics.special` must not load autograd.
"""
