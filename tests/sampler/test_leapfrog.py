"""What every integrator must keep, and that forward Euler keeps none of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
import pytest

from exmc.sampler.leapfrog import leapfrog
from exmc.sampler.vector import Rows
from exmc.typing import Density, Vector
from tests.sampler.densities import quartic
from tests.sampler.driving import unit_metric

DIM = 3
UNIT = unit_metric(DIM)

Integrator: TypeAlias = Callable[[Density, Rows, Vector, Vector, Vector, float], float]


def somewhere() -> Vector:
    """Position and momentum, shape (2 * DIM,)."""
    return np.array([0.3, -1.1, 0.7, 0.9, 0.4, -1.3])


def stepped(step: Integrator, phase: Vector, step_size: float) -> Vector:
    """Position and momentum after one step."""
    position, momentum = phase[:DIM].copy(), phase[DIM:].copy()
    gradient = np.zeros(DIM)
    quartic(position, gradient)
    step(quartic, UNIT, position, momentum, gradient, step_size)
    return np.concatenate([position, momentum])


def flipped(phase: Vector) -> Vector:
    return np.concatenate([phase[:DIM], -phase[DIM:]])


def energy(phase: Vector) -> float:
    return float(phase[DIM:] @ phase[DIM:]) / 2 - quartic(phase[:DIM], np.zeros(DIM))


class IntegratorLaws:
    """Subclass once per integrator; a law is written once and inherited by all."""

    step: Integrator

    def after(self, phase: Vector, step_size: float) -> Vector:
        return stepped(type(self).step, phase, step_size)

    def test_flipping_the_momentum_retraces_the_path(self) -> None:
        back = self.after(flipped(self.after(somewhere(), 0.05)), 0.05)
        np.testing.assert_allclose(flipped(back), somewhere(), atol=1e-12)

    def test_a_negative_step_size_retraces_the_path(self) -> None:
        back = self.after(self.after(somewhere(), 0.05), -0.05)
        np.testing.assert_allclose(back, somewhere(), atol=1e-12)

    def test_volume_is_preserved(self) -> None:
        nudge = 1e-6
        columns = [
            self.after(somewhere() + nudge * unit, 0.05)
            - self.after(somewhere() - nudge * unit, 0.05)
            for unit in np.eye(2 * DIM)
        ]
        volume = np.linalg.det(np.column_stack(columns) / (2 * nudge))
        assert abs(volume - 1.0) < 1e-7

    def test_halving_the_step_divides_the_energy_error_by_eight(self) -> None:
        errors = [
            abs(energy(self.after(somewhere(), size)) - energy(somewhere()))
            for size in (0.02, 0.01)
        ]
        assert errors[0] / errors[1] == pytest.approx(8.0, rel=0.1)


class TestLeapfrog(IntegratorLaws):
    step: Integrator = staticmethod(leapfrog)


def euler(
    density: Density,
    _: Rows,
    position: Vector,
    momentum: Vector,
    gradient: Vector,
    step_size: float,
) -> float:
    position += step_size * momentum
    momentum += step_size * gradient
    return density(position, gradient)


@pytest.mark.parametrize(
    "law", [name for name in dir(IntegratorLaws) if name.startswith("test_")]
)
def test_every_law_rejects_forward_euler(law: str) -> None:
    class Broken(IntegratorLaws):
        step: Integrator = staticmethod(euler)

    with pytest.raises(AssertionError):
        getattr(Broken(), law)()


def test_log_density_and_gradient_are_those_of_the_new_position() -> None:
    position, momentum = somewhere()[:DIM], somewhere()[DIM:]
    gradient, expected = np.zeros(DIM), np.zeros(DIM)
    quartic(position, gradient)
    log_density = leapfrog(quartic, UNIT, position, momentum, gradient, 0.1)
    assert log_density == quartic(position, expected)
    np.testing.assert_array_equal(gradient, expected)
