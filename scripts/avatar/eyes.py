"""Eyeballs, lashes and brows."""
import numpy as np
from lid_targets import LID_MOVES, SHUT_OUT_CM, turn_lid
from lids import eye_direction, lid_azimuth, lid_curves
from look import Eye
from shape import Form, cast, gradient
from vmath import lerp, normalize, smoothstep, spline

EYE_SEGMENTS = 32
CORNEA_RISE_CM = 0.04
UV_SPAN_DEG = 105.0          # polar angle that the texture's edge stands for


def eyeball(eye: Eye):
    """Left eyeball about its own centre: rings of latitude round the +Z axis."""
    polar = np.array([0, 5, 10, 14, 18, 22, 26, 30, 32.5, 35, 40, 46, 56, 68, 82, 100, 130, 180.0])
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
    r = eye.ball_radius + CORNEA_RISE_CM * (1 - smoothstep(0.55, 1.15, angle / eye.iris_deg)) 
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

def _lash_point(eye, t, elevation, lift_deg, out_cm, side_deg):
    """A point near the lid's edge at t, out_cm beyond the lid, lifted by lift_deg."""
    az = lid_azimuth(eye, t) + side_deg
    return np.array(eye.centre) + (eye.ball_radius + eye.lid_gap + out_cm) * eye_direction(az, elevation + lift_deg)


def lashes(eye: Eye):
    """One solid dark lash line on the upper lid that swells outwards and ends in a wing; a few flicks."""
    vs, tris, ts, sides = [], [], [], []

    def add(points, faces, t, side):
        base = len(vs)
        vs.extend(points)
        ts.extend(np.broadcast_to(t, len(points)))
        sides.extend([side] * len(points))
        tris.extend([[a + base for a in f] for f in faces])

    n = 41
    t = np.linspace(0.04, 1.0, n)
    hi, lo, _ = lid_curves(eye, t)
    thick = 1.0 + 4.2 * smoothstep(0.0, 0.75, t)
    out = 0.05 + 0.20 * smoothstep(0.1, 0.85, t)
    fade = smoothstep(-0.02, 0.12, t) * (1 - 0.6 * smoothstep(0.93, 1.0, t))
    rows = []
    for de, do in ((-1.2, -0.10), (-0.6, 0.45), (0.25, 1.0), (0.62, 0.9), (1.0, 0.0)):
        el = hi + (de if de < 0 else de * thick * fade)
        rad = np.where(do <= 0, do if do < 0 else -0.03, do * out * fade + 0.03)
        rows.append([_lash_point(eye, t[k], el[k], 0.0, rad[k], 0) for k in range(n)])
    faces = []
    for r in range(len(rows) - 1):
        for k in range(n - 1):
            a = r * n + k
            faces += [[a, a + 1, a + n + 1], [a, a + n + 1, a + n]]
    add(sum(rows, []), faces, np.concatenate([t] * len(rows)), 1)
    blade = [[0, 1, 3], [0, 3, 2], [2, 3, 5], [2, 5, 4], [4, 5, 6]]
    for tt, length, lift, sweep in ((0.96, 0.42, 7, 9), (0.86, 0.36, 8, 7)):
        hi1, _, _ = lid_curves(eye, np.array([tt]))
        pts = []
        for f in (0.0, 0.4, 0.75):
            w = 5.0 * (1 - f) ** 0.8
            pts += [_lash_point(eye, tt, hi1[0] + 1.0, lift * f ** 1.4, f * length + 0.1, sweep * f - w),
                    _lash_point(eye, tt, hi1[0] + 1.0, lift * f ** 1.4 + 0.8, f * length + 0.1, sweep * f + w)]
        pts.append(_lash_point(eye, tt, hi1[0] + 1.0, lift, length + 0.1, sweep))
        add(pts, blade, tt, 1)
    return np.array(vs), np.array(tris), np.array(ts), np.array(sides)


def lash_targets(eye: Eye, v, t, side):
    """Targets of the left eye's lashes; they turn with the lid's edge."""
    hi, lo, closed = lid_curves(eye, t)
    out = {}
    for name, (up, low) in LID_MOVES.items():
        deg = np.where(side > 0, up(t, hi, closed), low(t, lo, closed))
        d = turn_lid(eye, v, deg, np.ones(len(v)))
        if name == "eyeBlink":
            d = d + SHUT_OUT_CM * normalize(v + d - np.array(eye.centre))
        out[name] = d
    return out


# ---------------------------------------------------------------- brows

BROW_KNOTS = [(1.35, 3.55), (2.5, 4.0), (3.8, 4.25), (5.0, 4.05), (6.1, 3.3)]
BROW_HALF_CM = [0.27, 0.31, 0.28, 0.20, 0.03]


def brow(form: Form):
    """Left brow: a soft ridge of overlapping tapered tufts lying on the forehead."""
    vs, tris = [], []

    def on_skin(xy, lift):
        o = np.column_stack([xy, np.zeros(len(xy))])
        p = cast(form.face, o, np.tile([0, 0, 1.0], (len(xy), 1)))
        return p + gradient(form.face, p) * np.asarray(lift)[:, None]

    n, rows = 32, 5
    u = np.linspace(0, 1, n)
    mid = spline(BROW_KNOTS, u)
    tangent = normalize(np.gradient(mid, axis=0))
    up = np.column_stack([-tangent[:, 1], tangent[:, 0]])
    half = spline(np.array(BROW_HALF_CM)[:, None], u)[:, 0]
    half *= np.sqrt(np.clip(1 - (1 - np.clip(u / 0.10, 0, 1)) ** 2, 0.02, 1))
    for r in range(rows):
        s = r / (rows - 1) * 2 - 1
        rag = 1
        lift = 0.17 * (1 - s * s) - 0.05 * smoothstep(-0.1, 0.25, u) * (1 - 0.7*smoothstep(0.8, 1.05, u))
        vs.append(on_skin(mid + up * (half * s * rag)[:, None], np.where(np.abs(s) > 0.9, -0.12, lift)))
    for r in range(rows - 1):
        for i in range(n - 1):
            a, b = r * n + i, (r + 1) * n + i
            tris += [[a, a + 1, b + 1], [a, b + 1, b]]
    v = np.vstack(vs)
    return v, np.array(tris)
