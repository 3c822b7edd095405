"""Which models each benchmark uses, and which quantities a user reads of them.

A model's variables are declared in one order in every framework, with one transform
each, so that a flat unconstrained vector means the same thing in all of them.
"""

from __future__ import annotations

QUANTITIES: dict[str, tuple[str, ...]] = {
    "eight_schools": ("mu", "tau", "theta"),
    "eight_schools_centred": ("mu", "tau", "theta"),
    "radon": ("mu", "sigma_alpha", "beta", "sigma_y", "alpha"),
    "logistic_1000": ("beta",),
    "stochastic_volatility": ("persistence", "spread", "shock"),
    "funnel": ("v", "x"),
    "mvn_100": ("x",),
    "irt_2pl": ("ability", "slope", "hardness"),
    "mixture_500": ("mu", "sigma", "theta"),
    "poisson_glm": ("beta",),
    "horseshoe": ("tau", "lam", "raw"),
    "gp_100": ("rho", "alpha", "sigma"),
    "ar_200": ("alpha", "beta", "sigma"),
    "kidiq": ("beta", "sigma"),
    "logearn": ("beta", "sigma"),
    "nes1976": ("beta", "sigma"),
    "blr": ("beta", "sigma"),
    "arK": ("alpha", "beta", "sigma"),
    "logistic_500": ("beta",),
    "low_dim_gauss_mix": ("mu", "sigma", "theta"),
    "gp_regr": ("rho", "alpha", "sigma"),
    "gp_pois_regr": ("rho", "alpha", "raw"),
    "nes_logit_like": ("beta",),
    "wells_like": ("beta",),
    "dogs_like": ("beta",),
    "diamonds": ("b", "intercept", "sigma"),
}
"""By model: the variables over which the least effective sample size is taken."""

GRADIENT = (
    "eight_schools",
    "radon",
    "logistic_1000",
    "stochastic_volatility",
    "funnel",
    "mvn_100",
    "irt_2pl",
    "mixture_500",
    "poisson_glm",
    "horseshoe",
    "gp_100",
    "ar_200",
)
"""Models whose gradient is timed beside loops written by hand."""

MANY_OBSERVATIONS = (
    "radon",
    "logistic_1000",
    "irt_2pl",
    "mixture_500",
    "poisson_glm",
)
"""Those of them with 500 observations or more."""

LEAPFROG = ("eight_schools", "radon", "mvn_100")
"""Models whose sampling is timed per leapfrog step."""

SAMPLING = (
    "eight_schools",
    "kidiq",
    "logearn",
    "nes1976",
    "blr",
    "arK",
    "logistic_500",
    "radon",
    "mvn_100",
    "low_dim_gauss_mix",
    "gp_regr",
    "gp_pois_regr",
    "nes_logit_like",
    "wells_like",
    "dogs_like",
)
"""Models on which whole runs are compared."""

ROWS_ONLY = ("eight_schools_centred", "diamonds")
"""Published beside them; no peer converges on these with a diagonal metric."""
