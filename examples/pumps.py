"""How often do ten power-plant pumps fail? Poisson counts, rates from one Gamma.

Data and model: Gaver and O'Muircheartaigh, Technometrics 29 (1987); priors as in
George, Makov and Smith, Scand. J. Stat. 20 (1993).

Run: `python examples/pumps.py`, or `exmc run examples/pumps.py`.
"""

import numpy as np

import exmc

THOUSAND_HOURS = np.array([94.3, 15.7, 62.9, 126, 5.24, 31.4, 1.05, 1.05, 2.1, 10.5])
FAILURES = np.array([5, 1, 5, 14, 3, 19, 1, 1, 4, 22])

with exmc.Model(coords={"pump": list(range(1, 11))}) as model:
    alpha = exmc.Exponential("alpha", 1.0)
    beta = exmc.Gamma("beta", 0.1, 1.0)
    rate = exmc.Gamma("rate", alpha, beta, dims="pump")
    exmc.Poisson("failures", rate * THOUSAND_HOURS, observed=FAILURES, dims="pump")

if __name__ == "__main__":
    print(exmc.sample(model, seed=1).summary())
