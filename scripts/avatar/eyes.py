"""Eyeballs, lashes and brows."""
import numpy as np
import shape
from head import eye_direction, lid_azimuth, lid_curves
from vmath import lerp, normalize, smoothstep, spline

EYE_SEGMENTS = 32
IRIS_ANGLE_DEG = 28.5        # half angle of the iris seen from the eyeball's centre
CORNEA_RISE_CM = 0.05
UV_SPAN_DEG = 105.0          # polar angle that the texture's edge stands for


def eyeball():
    """Left eyeball about its own centre: rings of latitude round the +Z axis."""
    polar = np.array([0, 5, 10, 14, 18, 22, 25.5, 28.5, 32, 38, 46, 56, 68, 82, 100, 130, 180.0])
    v, uv = [[0, 0, 1.0]], [[0.5, 0.5]]
    for p in polar[1:-1]:
        a = np.arange(EYE_SEGMENTS) / EYE_SEGMENTS * 2 * np.pi
        s, c = np.sin(np.radians(p)), np.cos(np.radians(p))
        v += np.stack([s * np.cos(a), s * np.sin(a), np.full_like(a, c)], 1).tolist()
        r = min(p / UV_SPAN_DEG, 1.0) * 0.5
        uv += np.stack([0.5 + r * np.cos(a), 0.5 - r * np.sin(a)], 1).tolist()
    v.append([0, 0, -1.0])
    uv.append([0.5, 0.999])
    v, uv = np.array(v), np.array(uv)
    angle = np.degrees(np.arccos(np.clip(v[:, 2], -1, 1)))
    r = shape.EYE_R + CORNEA_RISE_CM * (1 - smoothstep(0.55, 1.15, angle / IRIS_ANGLE_DEG)) 
    n, rings = EYE_SEGMENTS, len(polar) - 2
    tris = [[0, 1 + i, 1 + (i + 1) % n] for i in range(n)]
    for k in range(rings - 1):
        a, b = 1 + k * n, 1 + (k + 1) * n
        for i in range(n):
            j = (i + 1) % n
            tris += [[a + i, b + i, b + j], [a + i, b + j, a + j]]
    last, a = len(v) - 1, 1 + (rings - 1) * n
    tris += [[a + i, last, a + (i + 1) % n] for i in range(n)]
    return v * r[:, None], np.array(tris), uv


# ---------------------------------------------------------------- lashes

LASHES = 30


def _lash_point(t, elevation, lift_deg, out_cm, side_deg):
    """A point near the lid's edge at t, out_cm beyond the lid, lifted by lift_deg."""
    az = lid_azimuth(t) + side_deg
    return shape.EYE + (shape.LID_R + out_cm) * eye_direction(az, elevation + lift_deg)


def _lash_rows(t, elevation, length, lift, sweep, width_deg):
    """One lash: four cross-sections of two points and a tip, bent outwards and up."""
    pts = []
    for f in (0.0, 0.35, 0.7):
        w = width_deg * (1 - f) ** 0.8
        c = (f * length, lift * (f ** 1.6) , sweep * f)
        pts += [_lash_point(t, elevation, c[1], c[0] + 0.015, c[2] - w), _lash_point(t, elevation, c[1], c[0] + 0.015, c[2] + w)]
    pts.append(_lash_point(t, elevation, lift, length, sweep))
    return pts


def lashes():
    """Both lash rows and the dark lid line of the left eye: vertices, triangles, lid place t and side per vertex."""
    vs, tris, ts, sides = [], [], [], []

    def add(points, faces, t, side):
        base = len(vs)
        vs.extend(points)
        ts.extend(np.broadcast_to(t, len(points)))
        sides.extend([side] * len(points))
        tris.extend([[a + base for a in f] for f in faces])

    blade = [[0, 1, 3], [0, 3, 2], [2, 3, 5], [2, 5, 4], [4, 5, 6]]
    for i in range(LASHES):
        t = 0.06 + 0.93 * i / (LASHES - 1)
        hi, lo, _ = lid_curves(np.array([t]))
        grow = 0.08 + 0.26 * smoothstep(0.05, 0.9, t)
        wob = 0.03 * np.sin(i * 2.4)
        add(_lash_rows(t, hi[0] - 0.4, grow + wob, 7 + 5 * t, -3 + 19 * t + 1.5 * np.sin(i * 4.1), 2.0), blade, t, 1)
    for i in range(15):
        t = 0.42 + 0.5 * i / 14
        hi, lo, _ = lid_curves(np.array([t]))
        add(_lash_rows(t, lo[0] + 0.3, 0.10 + 0.07 * np.sin(np.pi * i / 14), -4.5, -2 + 9 * t, 0.5), blade, t, -1)
    n = 33
    t = np.linspace(0.07, 1.0, n)
    hi, lo, _ = lid_curves(t)
    thick = 0.5 + 2.6 * smoothstep(0.05, 0.8, t)
    low_edge = [_lash_point(t[k], hi[k], -0.9, -0.03, 0) for k in range(n)]
    mid = [_lash_point(t[k], hi[k], 0.2, 0.035, 0) for k in range(n)]
    top = [_lash_point(t[k], hi[k], thick[k], 0.012, 0) for k in range(n)]
    faces = []
    for k in range(n - 1):
        for a in (0, n):
            faces += [[a + k, a + k + 1, a + n + k + 1], [a + k, a + n + k + 1, a + n + k]]
    add(low_edge + mid + top, faces, np.concatenate([t, t, t]), 1)
    return np.array(vs), np.array(tris), np.array(ts), np.array(sides)


def lash_targets(v, t, side, moves, turn, settle):
    """Targets of the left eye's lashes; they turn with the lid's edge."""
    hi, lo, closed = lid_curves(t)
    out = {}
    for name, (up, low) in moves.items():
        deg = np.where(side > 0, up(t, hi, closed), low(t, lo, closed))
        d = turn(v, deg, np.ones(len(v)))
        if name == "eyeBlink":
            d = d + settle * normalize(v + d - shape.EYE)
        out[name] = d
    return out


# ---------------------------------------------------------------- brows

BROW_KNOTS = [(1.25, 2.52), (2.1, 2.78), (3.2, 3.02), (4.3, 2.92), (5.3, 2.36)]   # x, y of the middle line
BROW_HALF_CM = [0.19, 0.26, 0.235, 0.15, 0.02]


def brow():
    """Left brow: a soft ridge of overlapping tapered tufts lying on the forehead."""
    vs, tris = [], []

    def on_skin(xy, lift):
        o = np.column_stack([xy, np.zeros(len(xy))])
        p = shape.cast(shape.face, o, np.tile([0, 0, 1.0], (len(xy), 1)))
        return p + shape.gradient(shape.face, p) * np.asarray(lift)[:, None]

    n, rows = 40, 5
    u = np.linspace(0, 1, n)
    mid = spline(BROW_KNOTS, u)
    tangent = normalize(np.gradient(mid, axis=0))
    up = np.column_stack([-tangent[:, 1], tangent[:, 0]])
    half = spline(np.array(BROW_HALF_CM)[:, None], u)[:, 0]
    half *= lerp(0.35, 1.0, smoothstep(0.0, 0.16, u))
    for r in range(rows):
        s = r / (rows - 1) * 2 - 1
        rag = 1 + (0.07 * np.sin(u * 40 + 2.0 * s) if abs(s) > 0.9 else 0)
        lift = (0.105 * (1 - s * s) - 0.03) * smoothstep(-0.1, 0.25, u) * (1 - smoothstep(0.8, 1.05, u))
        vs.append(on_skin(mid + up * (half * s * rag)[:, None], np.where(np.abs(s) > 0.9, -0.03, lift)))
    for r in range(rows - 1):
        for i in range(n - 1):
            a, b = r * n + i, (r + 1) * n + i
            tris += [[a, a + 1, b + 1], [a, b + 1, b]]
    v = np.vstack(vs)
    return v, np.array(tris)
