"""One transition of the No-U-Turn sampler.

The chain stands at a position z with log-density log p(z). A transition gives the
position a random momentum r ~ Normal(0, I) and follows Hamilton's equations for
H(z, r) = -log p(z) + r'r / 2 with the leapfrog integrator (Neal 2011). Along the
exact path H is constant, so a distant point is as probable as the first one.

How far to go? Until going on would lead back (Hoffman & Gelman 2014): the path is
doubled, forwards or backwards in time with equal chance, until its ends approach
each other, in the whole or in any of the balanced halves, quarters, ... of which it
is made. A new half that turns inside itself, or leaves the region where the
integrator can be trusted, is thrown away: from some of its points the path so
far could not have been built, and using them would break detailed balance.

Which point becomes the draw? Each point has weight exp(H_initial - H). Inside a
new half a point is chosen in proportion to its weight; between the path so far
and the new half, the new one is taken with probability min(1, its weight /
the weight so far), which favours distant points and keeps the distribution
(Betancourt 2017, appendix A).

Positions are whitened (preconditioner.py), so the mass matrix is the identity; the
metric, which says how, is only handed on.

- Betancourt (2017), A conceptual introduction to Hamiltonian Monte Carlo,
  arXiv 1701.02434.
- Hoffman & Gelman (2014), The No-U-Turn sampler, JMLR 15, 1593-1623.
- Neal (2011), MCMC using Hamiltonian dynamics, Handbook of MCMC, chapter 5.

Rule for this file: the compilable subset (exmc.native.subset).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from exmc.numerics.elementary.scalar import exp
from exmc.sampler.leapfrog import leapfrog
from exmc.sampler.vector import kinetic_energy, turns

if TYPE_CHECKING:
    from exmc.sampler.vector import Rows
    from exmc.typing import Density, Vector

MAX_ENERGY_ERROR: Final = 1000.0
"""Nats by which H may rise along the path before the integrator has failed."""

LARGEST_EXPONENT: Final = 600.0
"""Cap of a log-weight, far below overflow: only an absurd start meets it."""

# What became of a new half.
GROWN: Final = 0.0
TURNED: Final = 1.0
DIVERGED: Final = 2.0

# Rows of `path`, shape (PATH_ROWS, dim). The caller fills LEFT_MOMENTUM.
LEFT_POSITION: Final = 0
LEFT_MOMENTUM: Final = 1
LEFT_GRADIENT: Final = 2
RIGHT_POSITION: Final = 3
RIGHT_MOMENTUM: Final = 4
RIGHT_GRADIENT: Final = 5
PROPOSED_POSITION: Final = 6
PROPOSED_GRADIENT: Final = 7
TRAVEL: Final = 8
HALF_TRAVEL: Final = 9
SEAM_MOMENTUM: Final = 10
SCRATCH: Final = 11
PATH_ROWS: Final = 12

# Entries of `half`, what `grow` reports of a new half.
HALF_WEIGHT: Final = 0
HALF_ACCEPTANCE: Final = 1
HALF_LOG_DENSITY: Final = 2
HALF_ENERGY: Final = 3
HALF_STATUS: Final = 4
HALF_ENTRIES: Final = 5

# Entries of `outcome`, what `transition` reports to its caller.
ACCEPTANCE_RATE: Final = 0
N_STEPS: Final = 1
TREE_DEPTH: Final = 2
DIVERGING: Final = 3
ENERGY: Final = 4
N_UNIFORMS: Final = 5
OUTCOME_ENTRIES: Final = 6


def transition(
    density: Density,
    metric: Rows,
    position: Vector,
    gradient: Vector,
    log_density: float,
    step_size: float,
    max_treedepth: int,
    uniforms: Vector,
    used: int,
    path: Rows,
    opening: Rows,
    middle: Rows,
    half: Vector,
    outcome: Vector,
) -> float:
    """Replace the position by the next draw and return its log-density.

    Args:
        density: Log-density and gradient in the model's coordinates.
        metric: The map to whitened coordinates, handed on to the leapfrog.
        position: Shape (dim,), whitened; the last draw, replaced by the next.
        gradient: Shape (dim,); at the position, replaced likewise.
        log_density: At the position; finite.
        step_size: Of the leapfrog integrator, greater than zero.
        max_treedepth: Most doublings: at most 2**max_treedepth - 1 gradients.
        uniforms: Numbers in (0, 1).
        used: So many of them are used up. At least workspace.uniforms_needed must
            follow; the first outcome[N_UNIFORMS] of these will be used up.
        path: Shape (PATH_ROWS, dim); path[LEFT_MOMENTUM] is the new momentum.
        opening: Shape (2 * max_treedepth, dim); workspace of `grow`.
        middle: Like `opening`.
        half: Shape (HALF_ENTRIES,); workspace.
        outcome: Shape (OUTCOME_ENTRIES,); filled: the mean of min(1, weight) over the
            new points, gradients used, doublings kept, 1 if the path diverged, the
            energy H of the draw in nats, uniforms used up by this transition.
    """
    left_position = path[LEFT_POSITION]
    left_momentum = path[LEFT_MOMENTUM]
    left_gradient = path[LEFT_GRADIENT]
    right_position = path[RIGHT_POSITION]
    right_momentum = path[RIGHT_MOMENTUM]
    right_gradient = path[RIGHT_GRADIENT]
    seam_momentum = path[SEAM_MOMENTUM]
    travel = path[TRAVEL]
    left_position[:] = position
    left_gradient[:] = gradient
    right_position[:] = position
    right_momentum[:] = left_momentum
    right_gradient[:] = gradient
    travel[:] = 0.0

    initial_energy = kinetic_energy(left_momentum) - log_density
    energy = initial_energy
    weight = 1.0
    acceptance = 0.0
    n_steps = 0
    used_before = used
    depth = 0
    status = GROWN
    while depth < max_treedepth and status == GROWN:
        forwards = uniforms[used] < 0.5
        used += 1
        if forwards:
            edge_position = right_position
            edge_momentum = right_momentum
            edge_gradient = right_gradient
            far_momentum = left_momentum
            signed_step = step_size
        else:
            edge_position = left_position
            edge_momentum = left_momentum
            edge_gradient = left_gradient
            far_momentum = right_momentum
            signed_step = -step_size
        seam_momentum[:] = edge_momentum
        leaves = grow(
            density,
            metric,
            edge_position,
            edge_momentum,
            edge_gradient,
            signed_step,
            depth,
            initial_energy,
            uniforms,
            used,
            path,
            opening,
            middle,
            half,
        )
        used += leaves
        n_steps += leaves
        acceptance += half[HALF_ACCEPTANCE]
        status = half[HALF_STATUS]
        if status == GROWN:
            # The reject rule: only a half that grew in full may give the draw.
            if uniforms[used] * weight < half[HALF_WEIGHT]:
                position[:] = path[PROPOSED_POSITION]
                gradient[:] = path[PROPOSED_GRADIENT]
                log_density = half[HALF_LOG_DENSITY]
                energy = half[HALF_ENERGY]
            used += 1
            weight += half[HALF_WEIGHT]
            if whole_turns(far_momentum, edge_momentum, depth, path, opening):
                status = TURNED
            travel += path[HALF_TRAVEL]
            depth += 1

    outcome[ACCEPTANCE_RATE] = acceptance / n_steps
    outcome[N_STEPS] = n_steps
    outcome[TREE_DEPTH] = depth
    outcome[DIVERGING] = 1.0 if status == DIVERGED else 0.0
    outcome[ENERGY] = energy
    outcome[N_UNIFORMS] = used - used_before
    return log_density


def grow(
    density: Density,
    metric: Rows,
    position: Vector,
    momentum: Vector,
    gradient: Vector,
    step_size: float,
    depth: int,
    initial_energy: float,
    uniforms: Vector,
    used: int,
    path: Rows,
    opening: Rows,
    middle: Rows,
    half: Vector,
) -> int:
    """Walk 2**depth steps outwards from one end of the path; return the steps made.

    The end (position, momentum, gradient) moves with the walk. Each leaf, that is
    each new point, replaces the proposal with probability weight / total weight so
    far, and so the last proposal is a draw in proportion to the weights.
    """
    proposed_position = path[PROPOSED_POSITION]
    proposed_gradient = path[PROPOSED_GRADIENT]
    travel = path[HALF_TRAVEL]
    travel[:] = 0.0
    weight = 0.0
    acceptance = 0.0
    status = GROWN
    leaf = 0
    while leaf < 1 << depth and status == GROWN:
        travel += momentum
        log_density = leapfrog(density, metric, position, momentum, gradient, step_size)
        travel += momentum
        energy = kinetic_energy(momentum) - log_density
        log_weight = initial_energy - energy
        if log_weight > -MAX_ENERGY_ERROR:
            leaf_weight = exp(min(log_weight, LARGEST_EXPONENT))
            weight += leaf_weight
            acceptance += min(1.0, leaf_weight)
            if leaf == 0 or uniforms[used + leaf] * weight < leaf_weight:
                proposed_position[:] = position
                proposed_gradient[:] = gradient
                half[HALF_LOG_DENSITY] = log_density
                half[HALF_ENERGY] = energy
            if block_turns(leaf, depth, momentum, path, opening, middle):
                status = TURNED
        else:  # Also reached when the energy is NaN.
            status = DIVERGED
        leaf += 1
    half[HALF_WEIGHT] = weight
    half[HALF_ACCEPTANCE] = acceptance
    half[HALF_STATUS] = status
    return leaf


# A U-turn is judged between two points of the path by their momenta and by the
# travel from one to the other, the integral of the momentum over time (rho in
# Betancourt 2017, appendix A), here by the trapezoidal rule and in units of half a
# step. If either momentum does not point along the travel, going on brings the
# points closer together.
#
# When two halves are joined, three pairs are judged: the ends of the whole; the outer
# end of the first half and the near end of the second; and the near end of the
# first half and the outer end of the second. The last two (Stan's pull request 2800)
# see the full circle that the ends of the whole may miss.


def whole_turns(
    far_momentum: Vector,
    edge_momentum: Vector,
    depth: int,
    path: Rows,
    opening: Rows,
) -> bool:
    """Judge the joint of the path so far with its new half of 2**depth leaves."""
    half_travel = path[HALF_TRAVEL]
    travel = path[SCRATCH]
    travel[:] = path[TRAVEL] + half_travel
    if turns(far_momentum, edge_momentum, travel):
        return True
    if depth == 0:
        return False
    if turns(path[SEAM_MOMENTUM], edge_momentum, half_travel):
        return True
    travel[:] = path[TRAVEL] + opening[2 * depth - 1]
    return turns(far_momentum, opening[2 * depth - 2], travel)


def block_turns(
    leaf: int,
    depth: int,
    momentum: Vector,
    path: Rows,
    opening: Rows,
    middle: Rows,
) -> bool:
    """Judge every balanced block of the new half that this leaf completes.

    The leaves 0, 1, 2, ... of a half form blocks of 2, 4, ..., 2**depth: a block of
    level l begins where `leaf` is a multiple of 2**l. Rather than recurring, we keep
    for each level the first leaf of the block under way (`opening`) and the last leaf
    of its first half (`middle`): rows 2 l - 2 for the momentum, 2 l - 1 for the
    travel from the seam. Memory O(depth * dim); on average two judgements a leaf.
    """
    travel = path[HALF_TRAVEL]
    between = path[SCRATCH]
    level = 1
    while level <= depth and leaf % (1 << level) == 0:
        first_momentum = opening[2 * level - 2]
        first_travel = opening[2 * level - 1]
        first_momentum[:] = momentum
        first_travel[:] = travel
        level += 1
    level = 1
    while level <= depth and (leaf + 1) % (1 << level) == 0:
        first = 2 * level - 2
        between[:] = travel - opening[first + 1]
        if turns(opening[first], momentum, between):
            return True
        if level > 1:
            between[:] = travel - middle[first + 1]
            if turns(middle[first], momentum, between):
                return True
            between[:] = opening[first - 1] - opening[first + 1]
            if turns(opening[first], opening[first - 2], between):
                return True
        level += 1
    if 1 < level <= depth:
        last_momentum = middle[2 * level - 2]
        last_travel = middle[2 * level - 1]
        last_momentum[:] = momentum
        last_travel[:] = travel
    return False
