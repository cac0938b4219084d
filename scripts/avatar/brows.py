"""The brows: soft tapered ridges that lie on the forehead."""
import numpy as np

from shape import Form, cast, gradient
from vmath import lerp, normalize, smoothstep, spline

COLUMNS, ROWS = 32, 5
ROUND_END = 0.10               # share of the length over which the inner end rounds off
LIFT_CM, SUNK_CM = 0.17, -0.12           # the ridge above the skin, its edges beneath it
THINNER_CM = 0.05              # the ridge's loss after its inner end, which is the fullest


def _on_skin(form, xy, lift):
    p = cast(form.face, np.column_stack([xy, np.zeros(len(xy))]), np.tile([0, 0, 1.0], (len(xy), 1)))
    return p + gradient(form.face, p) * lift[:, None]


def brow(form: Form):
    """(vertices, triangles) of the left brow."""
    u = np.linspace(0, 1, COLUMNS)
    look = form.look.brow
    middle = spline(np.array(look.middle), u)
    along = normalize(np.gradient(middle, axis=0))
    up = np.column_stack([-along[:, 1], along[:, 0]])
    rounded = np.sqrt(np.clip(1 - (1 - np.clip(u / ROUND_END, 0, 1)) ** 2, 0.02, 1))
    half = spline(np.array(look.half_cm)[:, None], u)[:, 0] * rounded
    thinner = THINNER_CM * smoothstep(-0.1, 0.25, u) * (1 - 0.7 * smoothstep(0.8, 1.05, u))
    rows = []
    for s in np.linspace(-1, 1, ROWS):
        lift = lerp(SUNK_CM, LIFT_CM - thinner, (1 - s * s) * rounded)
        rows.append(_on_skin(form, middle + up * (half * s)[:, None], lift))
    tris = [tri for r in range(ROWS - 1) for c in range(COLUMNS - 1) for a, b in [(r * COLUMNS + c, (r + 1) * COLUMNS + c)]
            for tri in ([a, a + 1, b + 1], [a, b + 1, b])]
    return np.vstack(rows), np.array(tris)
