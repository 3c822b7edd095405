"""A subset of Python that runs as Python, or as machine code with the same bits.

A kernel is a function of a module, with an annotation on each parameter and on its
result. The names of the annotations are what counts, so the module begins with
`from __future__ import annotations`:

    float, int, bool        numbers; int is 64 bits and wraps
    None                    a result only
    Vector                  float64, shape (n,), contiguous
    Integers                int64, shape (n,), contiguous
    Matrix, Rows            float64, shape (rows, columns), rows contiguous
    Density                 called as density(position, gradient) -> float

Statements: assignment (to names, `v[i]`, `m[i, j]`, several at once), augmented
assignment, if / elif / else, while, for over range, break, continue, return, pass, a
call. A variable has one type, that of its first assignment in the text; an int given
to a float variable becomes a float. A variable may be bound to a vector: a parameter, a
row `m[i]`, a slice `v[a:b]`, or another variable; it is a view, as in numpy.

Expressions: + - * / // % & | ^ ~ << >> (no **), comparisons, also chained, and / or /
not on bools, `x if c else y`, len(v), m.shape[0], m.shape[1], min, max, abs, int(x),
module-level constants, calls of other kernels (of any module; keywords allowed), of a
Density, of math.sqrt, math.fabs, math.isfinite, math.isnan, math.floor, math.inf,
math.nan, and of the functions of `exmc.numerics.elementary.scalar` (exp, log, pow,
...). An int is not divided by `/`. Never math.exp and the like: their bits are those
of the machine's own library.

Vector statements run over all entries, eight at a time, and as numpy in Python:

    v[:] = expression       v += expression     and -= and *= and /=

where v may be any vector (`m[i] = ...`, `v[a:b] *= ...` too) and the expression is
made of vectors of the same length and scalars by + - * /, unary -, comparisons, & and |
of masks, np.where(mask, x, y), np.sqrt, np.abs, and the functions of
`exmc.numerics.elementary.strict` (exp, ndtri, ...). A whole matrix is filled, copied
and computed likewise, by `m[:] = ...` of matrices and scalars. Integers take part in
`a[:] = ...` of one other such vector or of an int only.

Reductions, in scalar expressions, take vector expressions: dot(x, y), lane_sum(x) and
all_finite(x), of `exmc.numerics.reductions`; sums by the rule of eight partial sums.

What Python checks and machine code does not, a kernel keeps to by itself: an index is
never negative and always in range, a slice ends within its vector, the vectors of a
statement are of one length, and each of them is the target itself or does not overlap
it. (Where two slices of one name meet in a statement, that is refused.) What Python
answers by an exception gives IEEE 754's answer in machine code: 1 / 0.0 is infinite (a
kernel that may meet it calls `divide` of the elementary functions); i // 0 gives i.

Whatever lies outside is a `SubsetError` with file, line and remedy.
"""

from exmc.native.subset.function import define
from exmc.native.subset.kernels import Kernel, Kernels
from exmc.native.subset.source import SubsetError

__all__ = ["Kernel", "Kernels", "SubsetError", "define"]
