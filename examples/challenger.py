"""Did the cold break the O-rings? Logistic regression, 23 flights.

Data: thermal distress of the field joints of the space shuttle by temperature at
launch; Dalal, Fowlkes and Hoadley, J. Am. Stat. Assoc. 84 (1989), table 1.

Run: `python examples/challenger.py`, or `exmc run examples/challenger.py`.
"""

import numpy as np

import exmc

# Temperature (Fahrenheit) and whether a joint showed distress, a pair a flight.
FLIGHTS = """
66 0  70 1  69 0  68 0  67 0  72 0  73 0  70 0
57 1  63 1  70 1  78 0  67 0  53 1  67 0  75 0
70 0  81 0  76 0  79 0  75 1  76 0  58 1
"""
FAHRENHEIT, DISTRESS = np.array(FLIGHTS.split(), dtype=int).reshape(-1, 2).T

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
