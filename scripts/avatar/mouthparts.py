"""Inside of the mouth: the dark cavity behind the lips, both rows of teeth and the tongue."""
import numpy as np
import shape
from morphs import jaw_part_targets
from vmath import lerp, quads_to_tris, smoothstep

CAVITY_BACK = np.array([0.0, -5.7, 0.6])
TEETH_FRONT_Z, TEETH_DEPTH, TEETH_HALF_W = 7.25, 3.1, 2.25   # the arch is half an ellipse
TEETH_PER_SIDE = 7


def _mirrored_loop(head):
    """The mouth's innermost ring as one closed loop of vertex indices, starting at the upper middle."""
    ring = head.extra["mouth_rings"][-1]
    other = head.mirror[ring]
    return np.concatenate([ring, other[1:-1][::-1]])


def cavity(head, targets, fields):
    """Sack from the inner lips backwards; its first ring moves with the lips."""
    loop = _mirrored_loop(head)
    n = len(loop)
    start = head.v[loop]
    low = fields.low[loop]
    rings, deltas = [start], {k: [d[loop]] for k, d in targets.items() if np.abs(d[loop]).max() > 1e-3}
    steps = [0.18, 0.4, 0.62, 0.82, 0.95]
    for f in steps:
        bulge = np.sin(np.pi * min(f + 0.15, 1.0))
        wide = start * [1 + 0.10 * bulge, 1, 1]
        wide[:, 1] += np.where(low > 0.5, -1.0, 0.9) * bulge * np.abs(2 * low - 1)
        p = lerp(wide, CAVITY_BACK, f ** 1.4)
        p[:, 2] = lerp(start[:, 2], CAVITY_BACK[2], f)
        rings.append(p)
        for k, d in deltas.items():
            own = jaw_part_targets(p).get(k)
            own = np.zeros_like(p) if own is None else own * (low * (1 - 0.6 * f))[:, None]
            d.append(lerp(d[0], own, min(1.0, f * 2.2)))
    v = np.vstack(rings + [CAVITY_BACK[None]])
    last = len(v) - 1
    quads = [[k * n + i, (k + 1) * n + i, (k + 1) * n + (i + 1) % n, k * n + (i + 1) % n]
             for k in range(len(rings) - 1) for i in range(n)]
    top = (len(rings) - 1) * n
    quads += [[top + i, last, last, top + (i + 1) % n] for i in range(n)]
    out = {k: np.vstack(d + [np.zeros((1, 3))]) for k, d in deltas.items()}
    return v, quads_to_tris(quads), out


def _tooth_row(upper):
    """A band of rounded teeth with gum, bent to the arch. Rows run from the biting edge to the gum."""
    cols = TEETH_PER_SIDE * 2 * 4
    x = np.linspace(-1, 1, cols + 1)
    tooth = x * TEETH_PER_SIDE
    frac = np.abs((tooth % 1.0) - 0.5) * 2   # 1 between teeth
    bulge = 0.10 * (1 - frac ** 4) - 0.03
    tip = 0.10 * frac ** 3 + (0.10 * (np.abs(tooth) > 2) if upper else 0.0)
    height = 0.92 if upper else 0.8
    shrink = 1.0 if upper else 0.93
    turn = x * np.pi / 2 * 0.96
    px = shrink * TEETH_HALF_W * np.sin(turn)
    pz = TEETH_FRONT_Z - (0.0 if upper else 0.28) - TEETH_DEPTH * (1 - np.cos(turn))
    nx = np.tan(turn) * TEETH_DEPTH / TEETH_HALF_W
    nlen = np.sqrt(1 + nx ** 2)
    edge_y = shape.MOUTH_Y - 0.36 if upper else shape.MOUTH_Y - 0.30 - 0.35 * x ** 2
    sign = 1.0 if upper else -1.0
    rows = [(-0.30, 0.18, 0.0), (-0.16, 0.0, 0.0), (-0.02, 0.03, 0.6), (0.0, 0.25, 1.0), (0.02, 0.6, 1.0), (0.0, 0.95, 0.8),
            (0.06, 1.05, 0.1), (0.04, 1.9, 0.0), (-0.5, 2.4, 0.0)]
    vs, uvs = [], []
    for out, h, b in rows:
        y = edge_y + sign * (h * height + (tip if h < 0.5 else 0.0))
        off = out + b * bulge
        vs.append(np.stack([px + off * nx / nlen, y * np.ones_like(px), pz + off / nlen], axis=1))
        uvs.append(np.stack([0.5 + 0.5 * x, np.full_like(x, np.clip(h / 2.4, 0.01, 0.99))], axis=1))
    n = cols + 1
    quads = [[k * n + i, k * n + i + 1, (k + 1) * n + i + 1, (k + 1) * n + i] for k in range(len(rows) - 1) for i in range(cols)]
    tris = quads_to_tris(quads)
    return np.vstack(vs), (tris if upper else tris[:, ::-1]), np.vstack(uvs)


def teeth():
    """[(name, vertices, triangles, uv, targets)] of the upper and the lower row."""
    out = []
    for upper in (True, False):
        v, t, uv = _tooth_row(upper)
        targets = {} if upper else jaw_part_targets(v)
        if not upper:
            targets["tongueOut"] = np.tile([0, -0.35, 0.0], (len(v), 1))
        out.append(("teeth_upper" if upper else "teeth_lower", v, t, uv, targets))
    return out


def tongue():
    rings, n = 15, 16
    vs = []
    for k in range(rings):
        u = k / (rings - 1)
        a = np.arange(n) / n * 2 * np.pi
        size = np.sqrt(np.clip(1 - u ** 4, 0.0, 1))
        w, h = 1.42 * size * (1 - 0.18 * u), (0.62 - 0.24 * u) * size
        z = lerp(1.0, 6.5, u)
        y = shape.MOUTH_Y - 0.56 + 0.25 * np.sin(np.pi * u) - 0.05 * u
        groove = -0.12 * np.exp(-(np.cos(a) / 0.3) ** 2) * (np.sin(a) > 0) * size
        vs.append(np.stack([w * np.cos(a), y + h * np.sin(a) + groove, np.full(n, z)], axis=1))
    v = np.vstack(vs)
    quads = [[k * n + i, k * n + (i + 1) % n, (k + 1) * n + (i + 1) % n, (k + 1) * n + i] for k in range(rings - 1) for i in range(n)]
    u = np.repeat(np.arange(rings) / (rings - 1), n)
    targets = {k: d * smoothstep(-0.2, 0.5, u)[:, None] for k, d in jaw_part_targets(v).items()}
    out = smoothstep(0.25, 1.0, u)
    width = v[:, 0] * -0.12 * out
    targets["tongueOut"] = np.stack([width, 0.38 * np.sin(np.pi * np.clip(u * 1.1, 0, 1)) - 0.02 * out - 0.25 * out ** 6, 3.6 * out], axis=1)
    return v, quads_to_tris(quads), targets
