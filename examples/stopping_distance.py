"""How far does a car of the 1920s roll? Regression that outliers cannot bend.

Data: speed (miles an hour) and stopping distance (feet); Ezekiel, Methods of
Correlation Analysis (1930).

Run: `python examples/stopping_distance.py`, or
`exmc run examples/stopping_distance.py`.
"""

import numpy as np

import exmc

SPEED = np.array(
    [4, 4, 7, 7, 8, 9, 10, 10, 10, 11, 11, 12, 12, 12, 12, 13, 13, 13, 13, 14, 14, 14]
    + [14, 15, 15, 15, 16, 16, 17, 17, 17, 18, 18, 18, 18, 19, 19, 19, 20, 20, 20, 20]
    + [20, 22, 23, 24, 24, 24, 24, 25]
)
DISTANCE = np.array(
    [2, 10, 4, 22, 16, 10, 18, 26, 34, 17, 28, 14, 20, 24, 28, 26, 34, 34, 46, 26, 36]
    + [60, 80, 20, 26, 54, 32, 40, 32, 40, 50, 42, 56, 76, 84, 36, 46, 68, 32, 48, 52]
    + [56, 64, 66, 54, 70, 92, 93, 120, 85]
)

with exmc.Model() as model:
    speed = exmc.Data("speed", SPEED - SPEED.mean())
    typical = exmc.Normal("typical", 40, 20)
    slope = exmc.Normal("slope", 0, 10)
    spread = exmc.HalfNormal("spread", 20)
    heavy = exmc.Gamma("heavy", 2, 0.1)
    exmc.StudentT(
        "distance", heavy, typical + slope * speed, spread, observed=DISTANCE
    )

if __name__ == "__main__":
    print(exmc.sample(model, seed=1).summary())
