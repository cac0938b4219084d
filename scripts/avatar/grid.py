"""The quad grid over half the head: rows from the crown to the neckline, columns from the front to the back midline.

The eye and the mouth are rectangular holes of that grid.
"""
import numpy as np

from lips import MOUTH_C
from shape import Form, cast

COLS, ROWS = 31, 55
EYE_C0, EYE_C1, EYE_R0, EYE_R1 = 7, 18, 9, 15
MOUTH_R0, MOUTH_R1 = 25, 29
CROWN_CENTRE = (0.0, 2.0, -1.0)
UNDER_CLOTH_STEPS, UNDER_CLOTH_CM = 2, 0.9       # the skin ends beneath the top

# Rays that find the rows: row, origin's y and z, elevation in degrees in front, at the side and behind.
ROW_RAYS = np.array([
    [1, 2.0, -1.0, 84, 84, 84], [EYE_R0, 3.3, -1.0, 0, 0, 0], [EYE_R1, -2.6, -1.0, 0, 0, 0],
    [MOUTH_R0, -4.3, -1.0, 0, 0, 0], [MOUTH_R1, -6.1, -0.6, 0, -4, 0], [34, -6.6, -0.2, -15, -22, 0],
    [39, -7.0, -0.9, -42, -40, -3], [41, -9.2, -2.2, -8, -6, 0], [46, -11.6, -3.0, 0, 0, 5],
    [ROWS - 1, -12.0, -3.0, -40, -28, -24]], float)
COLUMN_KEYS, COLUMN_DEG = (0, EYE_C0, EYE_C1, EYE_C1 + 5, COLS - 1), (0, 7, 50, 92, 180)


def grid_positions(form: Form):
    """Positions (ROWS, COLS, 3) on the skin."""
    r = np.arange(ROWS)
    rays = np.stack([np.interp(r, ROW_RAYS[:, 0], ROW_RAYS[:, c]) for c in range(1, 6)], axis=1)
    degrees = np.interp(np.arange(COLS), COLUMN_KEYS, COLUMN_DEG)
    t = np.radians(degrees)
    out = np.zeros((ROWS, COLS, 3))
    for row in range(1, ROWS):
        oy, oz, front, side, back = rays[row]
        e = np.radians(np.interp(degrees, [0, 90, 180], [front, side, back]))
        d = np.stack([np.sin(t) * np.cos(e), np.sin(e), np.cos(t) * np.cos(e)], axis=1)
        out[row] = cast(form.skin, np.tile([0.0, oy, oz], (COLS, 1)), d)
    out[0] = cast(form.skin, np.array([CROWN_CENTRE]), np.array([[0, 1.0, -0.05]]))[0]
    under = form.walk_down(form.neckline(t), t, UNDER_CLOTH_STEPS, lambda k: UNDER_CLOTH_CM, 0.0)
    out[ROWS - 1] = under[-1]
    out[:, [0, -1], 0] = 0.0
    return out


def grid_uv():
    """Texture places (ROWS, COLS, 2): the mouth's rows and the face's columns get the most room."""
    du = np.interp(np.arange(COLS - 1), [0, EYE_C1, EYE_C1 + 5, COLS - 1], [1.0, 1.0, 0.6, 0.5])
    dv = np.interp(np.arange(ROWS - 1), [0, 7, 9, 24.4, 24.6, 28.4, 28.6, 34, 41, 54],
                   [0.4, 0.6, 1.2, 1.2, 2.4, 2.4, 1.1, 0.9, 0.5, 0.7])
    u, v = np.concatenate([[0], np.cumsum(du)]), np.concatenate([[0], np.cumsum(dv)])
    uu, vv = np.meshgrid(u / u[-1], v / v[-1])
    return np.stack([0.01 + 0.98 * uu, 0.01 + 0.98 * vv], axis=-1)


def in_eye(r, c):
    """Whether the face below and behind grid place (r, c) belongs to the eye's hole."""
    return EYE_R0 <= r < EYE_R1 and EYE_C0 <= c < EYE_C1


def in_mouth(r, c):
    return MOUTH_R0 <= r < MOUTH_R1 and c < MOUTH_C


def is_hole(r, c):
    """Whether grid vertex (r, c) lies within a hole."""
    return (EYE_R0 < r < EYE_R1 and EYE_C0 < c < EYE_C1) or (MOUTH_R0 < r < MOUTH_R1 and c < MOUTH_C)


def eye_border():
    """Grid places round the eye's hole: inner middle, over the top to the outer middle, back below."""
    mid = (EYE_R0 + EYE_R1) // 2
    loop = [(r, EYE_C0) for r in range(mid, EYE_R0, -1)]
    loop += [(EYE_R0, c) for c in range(EYE_C0, EYE_C1)]
    loop += [(r, EYE_C1) for r in range(EYE_R0, EYE_R1)]
    loop += [(EYE_R1, c) for c in range(EYE_C1, EYE_C0, -1)]
    return loop + [(r, EYE_C0) for r in range(EYE_R1, mid, -1)]


def mouth_border():
    """Grid places round the mouth's hole, from the upper middle over the corner to the lower middle."""
    loop = [(MOUTH_R0, c) for c in range(MOUTH_C + 1)]
    loop += [(r, MOUTH_C) for r in range(MOUTH_R0 + 1, MOUTH_R1 + 1)]
    return loop + [(MOUTH_R1, c) for c in range(MOUTH_C - 1, -1, -1)]
