"""How far does a car of the 1920s roll? Regression that outliers cannot bend.

Data: speed (miles an hour) and stopping distance (feet); Ezekiel, Methods of
Correlation Analysis (1930).

Run: `python examples/stopping_distance.py`, or
`exmc run examples/stopping_distance.py`.
"""

import numpy as np

import exmc

# Speed (miles an hour) and distance (feet), a pair a car.
CARS = """
4 2  4 10  7 4  7 22  8 16  9 10  10 18  10 26  10 34  11 17
11 28  12 14  12 20  12 24  12 28  13 26  13 34  13 34  13 46  14 26
14 36  14 60  14 80  15 20  15 26  15 54  16 32  16 40  17 32  17 40
17 50  18 42  18 56  18 76  18 84  19 36  19 46  19 68  20 32  20 48
20 52  20 56  20 64  22 66  23 54  24 70  24 92  24 93  24 120  25 85
"""
SPEED, DISTANCE = np.array(CARS.split(), dtype=float).reshape(-1, 2).T

with exmc.Model() as model:
    speed = exmc.Data("speed", SPEED - SPEED.mean())
    typical = exmc.Normal("typical", 40, 20)
    slope = exmc.Normal("slope", 0, 10)
    spread = exmc.HalfNormal("spread", 20)
    heavy = exmc.Gamma("heavy", 2, 0.1)
    exmc.StudentT("distance", heavy, typical + slope * speed, spread, observed=DISTANCE)

if __name__ == "__main__":
    print(exmc.sample(model, seed=1).summary())
