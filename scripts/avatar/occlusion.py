"""How much light reaches the inside of the mouth, as vertex colours: without it a tongue looks like a disc of clay."""
import numpy as np

FRONT_Z = 7.5                  # from here backwards it grows darker: just behind the lips
REACH_CM = 1.9                 # in that depth light falls to 1/e
LEAST = 0.02
LIP_CM = 0.5                   # what lies that much higher than the lips' line is behind the upper lip, and darker still


def in_mouth(p, height):
    """Shade (n,) 0..1 of points (n, 3) in a mouth whose lips meet at height."""
    deep = np.exp(-np.maximum(FRONT_Z - p[:, 2], 0) / REACH_CM)
    above = np.maximum(p[:, 1] - height - LIP_CM, 0)
    return LEAST + (1 - LEAST) * deep * np.exp(-above)
