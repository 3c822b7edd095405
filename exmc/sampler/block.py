"""A block of transitions, warm-up included: what a chain does in one call.

A chain is a few arrays, and a block of n transitions is the same as n blocks of one:
nothing is kept but in these arrays. What is random comes in as numbers, made from the
chain's two streams; the block says how many of them it has used up.

Rule for this file: the compilable subset (exmc.native.subset).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from exmc.sampler.metric import from_gradient
from exmc.sampler.nuts import (
    ACCEPTANCE_RATE,
    DIVERGING,
    ENERGY,
    LEFT_MOMENTUM,
    N_STEPS,
    N_UNIFORMS,
    SCRATCH,
    TREE_DEPTH,
    transition,
)
from exmc.sampler.preconditioner import (
    POINT,
    pull_back,
    push_forward,
    unwhiten,
    whiten,
)
from exmc.sampler.step_size import (
    averaged,
    exploring,
    learn_acceptance,
    restart,
    search_step_size,
    set_momentum,
)
from exmc.sampler.warmup import METRIC_AND_SEARCH, STEP_SIZE, learn
from exmc.sampler.windows import TEACHES_STEP_SIZE

if TYPE_CHECKING:
    from exmc.sampler.vector import Rows
    from exmc.typing import Density, Integers, Matrix, Vector

# Entries of `counts`.
MADE: Final = 0
"""Transitions since the beginning."""
GRADIENTS: Final = 1
"""Evaluations of the density since the beginning."""
NORMALS: Final = 2
"""How many of the normals at hand are used up."""
UNIFORMS: Final = 3
"""How many of the uniforms at hand are used up."""
COUNTS_ENTRIES: Final = 4

# Entries of `scalars`.
LOG_DENSITY: Final = 0
"""At the last draw."""
TARGET_ACCEPT: Final = 1
FIRST_STEP_SIZE: Final = 2
SCALARS_ENTRIES: Final = 3

# Entries of `plan`, which never changes.
TUNE: Final = 0
MAX_TREEDEPTH: Final = 1
EVERY_DRAW: Final = 2
"""1: the Fisher metric, at every draw; 0: Stan's, at switches."""
SEARCHES: Final = 3
"""1: the first step size is searched for; 0: it is used."""
NORMALS_NEEDED: Final = 4
"""The most normals that a transition, with a search after it, can use up."""
UNIFORMS_NEEDED: Final = 5
"""The most uniforms that a transition can use up."""
DIM: Final = 6
"""Number of coordinates. Rows may be longer, and are zero there (memory.py)."""
PLAN_ENTRIES: Final = 7

# Rows of `point`, shape (POINT_ROWS, dim): the last draw, whitened.
POSITION: Final = 0
GRADIENT: Final = 1
POINT_ROWS: Final = 2

# Columns of a row of draws: statistics, then the position in the model's coordinates,
# then the values of the user's variables.
LP_COLUMN: Final = 0
ACCEPTANCE_COLUMN: Final = 1
STEP_SIZE_COLUMN: Final = 2
DEPTH_COLUMN: Final = 3
STEPS_COLUMN: Final = 4
DIVERGING_COLUMN: Final = 5
ENERGY_COLUMN: Final = 6
STATS_COLUMNS: Final = 7


def begin(
    density: Density,
    plan: Integers,
    scalars: Vector,
    counts: Integers,
    point: Rows,
    metric: Rows,
    averaging: Vector,
    normals: Vector,
    path: Rows,
) -> None:
    """Choose the first metric and the first step size, once before `advance`.

    The arguments are those of `advance`, except that `point` comes in the model's
    coordinates, and leaves whitened.
    """
    position = point[POSITION]
    gradient = point[GRADIENT]
    if plan[EVERY_DRAW] == 1:
        from_gradient(metric, position, gradient)
    whiten(metric, position)
    pull_back(metric, gradient)
    restart(averaging, scalars[FIRST_STEP_SIZE])
    if plan[SEARCHES] == 1:
        search(density, plan, scalars, counts, point, metric, averaging, normals, path)


def advance(
    density: Density,
    values: Density,
    plan: Integers,
    lessons: Integers,
    scalars: Vector,
    counts: Integers,
    point: Rows,
    metric: Rows,
    averaging: Vector,
    windows: Rows,
    learnt: Integers,
    normals: Vector,
    uniforms: Vector,
    path: Rows,
    opening: Rows,
    middle: Rows,
    half: Vector,
    outcome: Vector,
    rows: Matrix,
) -> int:
    """Make transitions until the rows are full or the random numbers run short.

    Args:
        density: Log-density and gradient in the model's coordinates.
        values: Called as values(position, out); writes the last columns of a row. Not
            called if there are none.
        plan: Shape (PLAN_ENTRIES,).
        lessons: What each tuning draw teaches (windows.py), shape (tune,).
        scalars: Shape (SCALARS_ENTRIES,).
        counts: Shape (COUNTS_ENTRIES,).
        point: Shape (POINT_ROWS, dim).
        metric: The map to whitened coordinates (preconditioner.py).
        averaging: Dual averaging of the step size (step_size.py).
        windows: Shape (WINDOWS_ROWS, dim), with
        learnt: what warm-up knows of the posterior (warmup.py).
        normals: For momenta.
        uniforms: For trees, numbers in (0, 1).
        path: Workspace, like
        opening: and
        middle: and
        half: and
        outcome: (nuts.py).
        rows: Shape (n, STATS_COLUMNS + dim + number of values); filled from the front.

    Returns:
        The transitions made.
    """
    dim = int(plan[DIM])
    first_value = STATS_COLUMNS + dim
    draw = metric[POINT]
    last_normal = len(normals) - plan[NORMALS_NEEDED]
    last_uniform = len(uniforms) - plan[UNIFORMS_NEEDED]
    made = 0
    while (
        made < rows.shape[0]
        and counts[NORMALS] <= last_normal
        and counts[UNIFORMS] <= last_uniform
    ):
        tuning = counts[MADE] < plan[TUNE]
        step_size = exploring(averaging) if tuning else averaged(averaging)
        set_momentum(path[LEFT_MOMENTUM], normals, int(counts[NORMALS]), dim)
        counts[NORMALS] += dim
        scalars[LOG_DENSITY] = transition(
            density,
            metric,
            point[POSITION],
            point[GRADIENT],
            scalars[LOG_DENSITY],
            step_size,
            int(plan[MAX_TREEDEPTH]),
            uniforms,
            int(counts[UNIFORMS]),
            path,
            opening,
            middle,
            half,
            outcome,
        )
        counts[UNIFORMS] += int(outcome[N_UNIFORMS])
        counts[GRADIENTS] += int(outcome[N_STEPS])
        row = rows[made]
        write_statistics(row, scalars[LOG_DENSITY], step_size, outcome)
        unwhiten(metric, point[POSITION], draw)
        row[STATS_COLUMNS:first_value] = draw[0:dim]
        if first_value < len(row):
            values(draw, row[first_value : len(row)])
        if tuning:
            adapt(
                density,
                plan,
                lessons[counts[MADE]],
                scalars,
                counts,
                point,
                metric,
                averaging,
                windows,
                learnt,
                normals,
                path,
                outcome,
            )
        counts[MADE] += 1
        made += 1
    return made


def write_statistics(
    row: Vector, log_density: float, step_size: float, outcome: Vector
) -> None:
    """Write the first columns of a row."""
    row[LP_COLUMN] = log_density
    row[ACCEPTANCE_COLUMN] = outcome[ACCEPTANCE_RATE]
    row[STEP_SIZE_COLUMN] = step_size
    row[DEPTH_COLUMN] = outcome[TREE_DEPTH]
    row[STEPS_COLUMN] = outcome[N_STEPS]
    row[DIVERGING_COLUMN] = outcome[DIVERGING]
    row[ENERGY_COLUMN] = outcome[ENERGY]


def adapt(
    density: Density,
    plan: Integers,
    lesson: int,
    scalars: Vector,
    counts: Integers,
    point: Rows,
    metric: Rows,
    averaging: Vector,
    windows: Rows,
    learnt: Integers,
    normals: Vector,
    path: Rows,
    outcome: Vector,
) -> None:
    """Let a tuning draw teach step size and metric; go on in the new coordinates.

    The arguments are those of `advance`, with `lesson`, what this draw teaches
    (windows.py); metric[POINT] is the draw in the model's coordinates.
    """
    learn_acceptance(averaging, scalars[TARGET_ACCEPT], outcome[ACCEPTANCE_RATE])
    if lesson == TEACHES_STEP_SIZE:
        return
    position = point[POSITION]
    gradient = point[GRADIENT]
    slope = path[SCRATCH]
    push_forward(metric, gradient, slope)
    changed = learn(
        lesson,
        plan[EVERY_DRAW] == 1,
        metric[POINT],
        slope,
        outcome[DIVERGING] == 1.0,
        metric,
        windows,
        learnt,
        path,
    )
    if changed == STEP_SIZE:
        return
    position[:] = metric[POINT]
    whiten(metric, position)
    gradient[:] = slope
    pull_back(metric, gradient)
    if changed == METRIC_AND_SEARCH:
        search(density, plan, scalars, counts, point, metric, averaging, normals, path)


def search(
    density: Density,
    plan: Integers,
    scalars: Vector,
    counts: Integers,
    point: Rows,
    metric: Rows,
    averaging: Vector,
    normals: Vector,
    path: Rows,
) -> None:
    """Search a step size from the last draw, and count what it took."""
    dim = int(plan[DIM])
    tries = search_step_size(
        density,
        metric,
        point[POSITION],
        point[GRADIENT],
        scalars[LOG_DENSITY],
        averaging,
        normals,
        int(counts[NORMALS]),
        dim,
        path,
    )
    counts[GRADIENTS] += tries
    counts[NORMALS] += tries * dim
