"""Two rows of teeth with gums: a soft band, as animated films have, with just enough edge to read as teeth."""
import numpy as np

from jaw import jaw_part_targets
from look import Mouth
from vmath import quads_to_tris, ring_quads

FRONT_Z, DEPTH, HALF_W = 7.58, 3.7, 2.3        # the upper arch is half an ellipse
LOWER_SHARE, LOWER_BEHIND = 0.93, 0.28         # the lower arch lies within the upper one
PER_SIDE, COLUMNS_A_TOOTH = 5, 6
TURN_SHARE = 0.96                              # of the half circle
UPPER_EDGE_CM, LOWER_EDGE_CM = 0.36, 0.95      # biting edges below the line of the lips
UPPER_HEIGHT_CM, LOWER_HEIGHT_CM = 0.92, 0.46
EDGE_RISE_CM = 0.22                            # the upper edge follows the lower lip's smile
BULGE_CM, NOTCH_CM = 0.05, 0.05                # a tooth's roundness, and the gaps between the edges
# Rows from behind the edge over the front to the gum: (outwards, height in tooth heights, share of the bulge).
PROFILE = ((-0.30, 0.18, 0.0), (-0.16, 0.0, 0.0), (-0.02, 0.03, 0.6), (0.0, 0.25, 1.0), (0.02, 0.6, 1.0),
           (0.0, 0.95, 0.8), (0.06, 1.05, 0.1), (0.04, 1.9, 0.0), (-0.5, 2.4, 0.0))
GUM_FROM, GUM_TOP = 1.54, 2.4  # in tooth heights: where the texture turns to gum, and where it ends


def _row(mouth: Mouth, upper: bool):
    columns = PER_SIDE * 2 * COLUMNS_A_TOOTH
    x = np.linspace(-1, 1, columns + 1)
    gap = (np.abs(((x * PER_SIDE) % 1.0) - 0.5) * 2) ** 6       # 1 between teeth
    share = 1.0 if upper else LOWER_SHARE
    turn = x * np.pi / 2 * TURN_SHARE
    px = share * HALF_W * np.sin(turn)
    pz = FRONT_Z - (0.0 if upper else LOWER_BEHIND) - DEPTH * (1 - np.cos(turn))
    out = np.column_stack([np.tan(turn) * DEPTH / HALF_W, np.ones_like(x)])
    out /= np.linalg.norm(out, axis=1, keepdims=True)
    sign, height = (1.0, UPPER_HEIGHT_CM) if upper else (-1.0, LOWER_HEIGHT_CM)
    edge = mouth.height - UPPER_EDGE_CM + EDGE_RISE_CM * x ** 2 if upper else mouth.height - LOWER_EDGE_CM - 0.25 * x ** 2
    vs, uvs = [], []
    for away, h, round_ in PROFILE:
        off = away + round_ * BULGE_CM * (1 - gap)
        y = edge + sign * (h * height + (NOTCH_CM * gap if h < 0.1 else 0.0))
        vs.append(np.stack([px + off * out[:, 0], y, pz + off * out[:, 1]], axis=1))
        uvs.append(np.stack([0.5 + 0.5 * x, np.full_like(x, np.clip(h / GUM_TOP, 0.01, 0.99))], axis=1))
    n = columns + 1
    tris = quads_to_tris(ring_quads(len(PROFILE), n, closed=False))
    return np.vstack(vs), (tris if upper else tris[:, ::-1]), np.vstack(uvs)


def teeth(mouth: Mouth):
    """[(name, vertices, triangles, uv, targets)]: the upper ones make way for rounded lips, the lower ones for the tongue."""
    v, t, uv = _row(mouth, True)
    away = {"mouthPucker": np.tile([0, 0.55, -0.4], (len(v), 1)), "mouthFunnel": np.tile([0, 0.35, -0.2], (len(v), 1))}
    rows = [("teeth_upper", v, t, uv, away)]
    v, t, uv = _row(mouth, False)
    moves = jaw_part_targets(v)
    moves["tongueOut"] = np.tile([0, -0.35, 0.0], (len(v), 1))
    return rows + [("teeth_lower", v, t, uv, moves)]
