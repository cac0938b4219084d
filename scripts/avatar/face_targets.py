"""Targets of brows, cheeks and nose; x points outwards."""
import numpy as np

from fields import Fields
from head import LID_CREASE
from lid_targets import lid_target
from vmath import gauss, smoothstep

# Places from the left eye's centre (cm).
BROW_INNER, BROW_OUTER = (-1.8, 4.0, 2.1), (1.4, 4.3, 0.7)
APPLE = (0.1, -2.4, 1.1)
FOREHEAD = ((1.0, 4.8, 8.0), (2.2, 1.6, 3.0))
NOSE_WING = ((0.9, -2.8, 8.1), (0.75, 0.7, 1.2))
NOSE_BRIDGE = ((0.9, -0.9, 7.7), (0.7, 0.9, 1.4))


def brow_targets(f: Fields):
    keep = 1 - smoothstep(1.5, LID_CREASE, f.head.eye_k) * (f.head.eye_k >= 0)
    inner = f.from_eye(BROW_INNER, (1.25, 1.2, 2.5)) * keep
    outer = f.from_eye(BROW_OUTER, (1.5, 1.3, 2.5)) * keep
    forehead = gauss(f.sv, *FOREHEAD)
    return {"browInnerUp": f.move(-0.10 * inner, 0.72 * inner + 0.15 * forehead, 0.05 * inner),
            "browOuterUp": f.move(0, 0.70 * outer + 0.10 * inner),
            "browDown": f.move(-0.22 * inner, -0.68 * inner - 0.34 * outer, 0.14 * inner)}


def cheek_and_nose_targets(f: Fields):
    """Air puffs the cheeks, not the lips that hold it."""
    keep, low = f.off_lid, f.look.mouth.height
    apple = f.from_eye(APPLE, (1.5, 1.1, 2.2)) * keep
    puff = gauss(f.sv, (3.8, low + 0.3, 5.2), (1.7, 1.7, 2.2)) * (1 - f.mouth ** 3)
    wing = gauss(f.sv, *NOSE_WING)
    bridge = gauss(f.sv, *NOSE_BRIDGE) * keep
    lip = gauss(f.sv, (1.2, low + 0.5, 8.3), (1.0, 0.6, 1.4)) * (1 - f.low)
    brow = f.from_eye(BROW_INNER, (1.2, 1.0, 2.5)) * keep
    lids = lid_target(f, "cheekSquint")
    lids[:, 0] *= np.sign(f.v[:, 0])   # outwards, as all here
    return {"cheekSquint": lids + f.move(0.05 * apple, 0.36 * apple, 0.16 * apple),
            "cheekPuff": f.move(0.90 * puff, 0.05 * puff, 0.55 * puff + 0.12 * f.mouth),
            "noseSneer": f.move(0.10 * wing, 0.36 * wing + 0.22 * lip + 0.15 * bridge - 0.16 * brow, 0.06 * wing)}
