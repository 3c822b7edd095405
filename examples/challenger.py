"""Did the cold break the O-rings? Logistic regression, 23 flights.

Data: thermal distress of the field joints of the space shuttle by temperature at
launch; Dalal, Fowlkes and Hoadley, J. Am. Stat. Assoc. 84 (1989), table 1.

Run: `python examples/challenger.py`, or `exmc run examples/challenger.py`.
"""

import numpy as np

import exmc

FAHRENHEIT = np.array(
    [66, 70, 69, 68, 67, 72, 73, 70, 57, 63, 70, 78]
    + [67, 53, 67, 75, 70, 81, 76, 79, 75, 76, 58]
)
DISTRESS = np.array(
    [0, 1, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0] + [0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 1]
)

with exmc.Model() as model:
    warmth = exmc.Data("warmth", (FAHRENHEIT - 70) / 10)
    intercept = exmc.Normal("intercept", 0, 3)
    slope = exmc.Normal("slope", 0, 3)
    exmc.Bernoulli("distress", logit_p=intercept + slope * warmth, observed=DISTRESS)
    # The morning of the last flight had 31 degrees Fahrenheit.
    log_odds = intercept + slope * (31 - 70) / 10
    exmc.Deterministic("risk_at_31F", 1 / (1 + np.exp(-log_odds)))

if __name__ == "__main__":
    print(exmc.sample(model, seed=1).summary())
