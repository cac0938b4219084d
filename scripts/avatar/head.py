"""The skin mesh: a quad grid over half the head with loops round the eye and the mouth, then mirrored.

Grid rows run from the crown down to the neckline, columns from the front midline to the back midline.
The eye and the mouth are rectangular holes of that grid, filled with concentric rings.
"""
from dataclasses import dataclass, field

import numpy as np
import shape
from vmath import gauss, lerp, normalize, quads_to_tris, smoothstep

COLS, ROWS = 31, 55
EYE_C0, EYE_C1, EYE_R0, EYE_R1 = 7, 18, 9, 15
MOUTH_C, MOUTH_R0, MOUTH_R1 = 12, 25, 29
EYE_RINGS = 9          # 1-3 brow side, 4-7 lid (crease .. margin), 8-9 the lid's edge turned inwards
MOUTH_RINGS = 11       # 1-2 skin, 3-7 red of the lip, 8-11 the inner lip
LID_CREASE, LID_MARGIN, LIP_BORDER, LIP_CONTACT = 4, 7, 3, 7
NOSE_DENSITY = 9.0     # how much closer the mesh lies round the tip of the nose
CANTHUS_IN, CANTHUS_OUT = -45.0, 55.0   # degrees sideways from straight ahead


@dataclass
class Head:
    """Vertices in cm and what the morph targets, the paint and the other parts need to know of them."""
    v: np.ndarray
    quads: np.ndarray
    uv: np.ndarray
    mirror: np.ndarray = None                      # index of each vertex's mirror image
    eye_q: np.ndarray = None                       # place round the eye, -1 elsewhere (0 inner, half outer)
    eye_k: np.ndarray = None
    mouth_j: np.ndarray = None                     # column of the mouth (0 upper middle .. last lower middle)
    mouth_k: np.ndarray = None
    row: np.ndarray = None
    extra: dict = field(default_factory=dict)

    @property
    def tris(self):
        return quads_to_tris(self.quads)


# ---------------------------------------------------------------- curves of lids and lips

def lid_curves(t):
    """Elevations in degrees of open upper, open lower and closed line at t = 0 (inner) .. 1 (outer)."""
    line = lerp(-7.0, 4.5, smoothstep(0, 1, t)) 
    up_t = t ** 0.88
    upper = line + 23.5 * np.clip(4 * up_t * (1 - up_t), 0, 1) ** 0.62
    lo_t = t ** 1.12
    lower = line - 25.0 * np.clip(4 * lo_t * (1 - lo_t), 0, 1) ** 0.80
    closed = line - 13.0 * np.clip(4 * t * (1 - t), 0, 1) ** 0.85
    return upper, lower, closed


def lid_azimuth(t):
    return lerp(CANTHUS_IN, CANTHUS_OUT, t + 0.05 * np.sin(2 * np.pi * t))


def eye_direction(azimuth, elevation):
    """Unit vector; elevation turns about the x axis, so a blink changes it alone."""
    a, e = np.radians(azimuth), np.radians(elevation)
    return np.stack([np.sin(a), np.cos(a) * np.sin(e), np.cos(a) * np.cos(e)], axis=-1)


def eye_angles(p, centre=shape.EYE):
    d = normalize(p - centre)
    return np.degrees(np.arcsin(np.clip(d[..., 0], -1, 1))), np.degrees(np.arctan2(d[..., 1], d[..., 2]))


def lip_curves(s):
    """Heights of contact line, upper red border and lower red border at s = 0 (middle) .. 1 (corner)."""
    contact = shape.MOUTH_Y + 0.08 * s ** 2 + 0.28 * s ** 4 - 0.06 * np.exp(-(s / 0.24) ** 2)
    round_off = np.clip(1 - s ** 2.0, 0, 1)
    up = 0.62 * round_off ** 0.9 * (1 - 0.24 * np.exp(-(s / 0.12) ** 2))
    low = 0.86 * round_off ** 0.85
    return contact, contact + up, contact - low


# ---------------------------------------------------------------- the grid of half the head

def _row_rays():
    """Per row: ray origin (y, z) and elevation in front, at the side and behind (degrees)."""
    key_rows = [1, EYE_R0, EYE_R1, MOUTH_R0, MOUTH_R1, 34, 39, 41, 46, ROWS - 1]
    keys = np.array([
        [2.0, -1.0, 84, 84, 84], [2.2, -1.0, 1, 2, 2], [-2.0, -1.0, 0, 0, 0], [-4.15, -1.0, 0, 0, 0],
        [-6.9, -0.6, 0, -6, 0], [-7.5, -0.2, -15, -22, 0], [-7.8, -0.9, -42, -40, -3],
        [-9.8, -2.8, -8, -6, 0], [-13.5, -3.5, 0, 0, 5], [-13.5, -3.6, -50, -28, -24]], float)
    r = np.arange(ROWS)
    return np.stack([np.interp(r, key_rows, keys[:, c]) for c in range(5)], axis=1)


def _grid_positions():
    rays = _row_rays()
    theta = np.interp(np.arange(COLS), [0, EYE_C1, EYE_C1 + 5, COLS - 1], [0, 38, 88, 180])
    out = np.zeros((ROWS, COLS, 3))
    for r in range(1, ROWS):
        oy, oz, ef, es, eb = rays[r]
        e = np.radians(np.interp(theta, [0, 90, 180], [ef, es, eb]))
        t = np.radians(theta)
        d = np.stack([np.sin(t) * np.cos(e), np.sin(e), np.cos(t) * np.cos(e)], axis=1)
        origin = np.tile([0.0, oy, oz], (COLS, 1))
        out[r] = shape.cast(shape.skin, origin, d)
    out[0] = shape.cast(shape.skin, np.array([[0, 2.0, -1.0]]), np.array([[0, 1.0, -0.05]]))[0]
    under = shape.walk_down(shape.neckline(t), t, 2, lambda k: 0.9, 0.0)   # the skin ends beneath the top
    out[ROWS - 1] = under[-1]
    out[:, [0, -1], 0] = 0.0
    return out


def _grid_uv():
    du = np.interp(np.arange(COLS - 1), [0, EYE_C1, EYE_C1 + 5, COLS - 1], [1.0, 1.0, 0.6, 0.5])
    dv = np.interp(np.arange(ROWS - 1), [0, 7, 9, 24.4, 24.6, 28.4, 28.6, 34, 41, 54],
                   [0.4, 0.6, 1.2, 1.2, 2.4, 2.4, 1.1, 0.9, 0.5, 0.7])
    u = np.concatenate([[0], np.cumsum(du)])
    v = np.concatenate([[0], np.cumsum(dv)])
    uu, vv = np.meshgrid(u / u[-1], v / v[-1])
    return np.stack([0.01 + 0.98 * uu, 0.01 + 0.98 * vv], axis=-1)


class _Builder:
    def __init__(self):
        self.v, self.uv, self.quads, self.pin, self.tags = [], [], [], [], []

    def add(self, p, uv, pin=False, **tags):
        self.v.append(np.array(p, float))
        self.uv.append(np.array(uv, float))
        self.pin.append(pin)
        self.tags.append(tags)
        return len(self.v) - 1


def _in_hole(r, c):
    eye = EYE_R0 < r < EYE_R1 and EYE_C0 < c < EYE_C1
    mouth = MOUTH_R0 < r < MOUTH_R1 and c < MOUTH_C
    return eye or mouth


def _build_grid(b):
    pos, uv = _grid_positions(), _grid_uv()
    ids = -np.ones((ROWS, COLS), int)
    top = b.add(pos[0, 0], uv[0, COLS // 2], row=0)
    ids[0] = top
    for r in range(1, ROWS):
        for c in range(COLS):
            if not _in_hole(r, c):
                ids[r, c] = b.add(pos[r, c], uv[r, c], pin=(r == ROWS - 1), row=r)
    for r in range(ROWS - 1):
        for c in range(COLS - 1):
            q = [ids[r, c], ids[r + 1, c], ids[r + 1, c + 1], ids[r, c + 1]]
            eye = EYE_R0 <= r < EYE_R1 and EYE_C0 <= c < EYE_C1
            mouth = MOUTH_R0 <= r < MOUTH_R1 and c < MOUTH_C
            if not eye and not mouth:
                b.quads.append(q)
    return ids


def _eye_border(ids):
    """Grid vertices round the eye hole: inner middle, over the top to the outer middle, back below."""
    mid = (EYE_R0 + EYE_R1) // 2
    loop = [(r, EYE_C0) for r in range(mid, EYE_R0, -1)]
    loop += [(EYE_R0, c) for c in range(EYE_C0, EYE_C1)]
    loop += [(r, EYE_C1) for r in range(EYE_R0, EYE_R1)]
    loop += [(EYE_R1, c) for c in range(EYE_C1, EYE_C0, -1)]
    loop += [(r, EYE_C0) for r in range(EYE_R1, mid, -1)]
    return [ids[rc] for rc in loop]


def _lid_radius(direction):
    """Distance from the eye's centre at which a ray leaves the skin, at least the lid's radius."""
    t = np.full(len(direction), shape.LID_R)
    for _ in range(40):
        d = shape.skin(shape.EYE + t[:, None] * direction)
        t = np.clip(t - d * 0.6, shape.LID_R, shape.LID_R + np.where(direction[:, 1] < 0.25, 0.45, 1.6))
    return t


def _ring_angles(border_angles, n):
    """Azimuth and elevation of every eye ring (ring, place)."""
    half = n // 2
    q = np.arange(n)
    t = np.where(q <= half, q / half, (n - q) / half)
    up = (q <= half)
    hi, lo, _ = lid_curves(t)
    az_m, el_m = lid_azimuth(t), np.where(up, hi, lo)
    bulge = np.clip(4 * t * (1 - t), 0, 1) ** 0.6
    az_c = az_m * np.where(az_m < 0, 1.02, 1.06) + np.where(t < 0.02, -2.5, np.where(t > 0.98, 5, 0))
    el_c = el_m + np.where(up, 3.0 + 10.5 * bulge, -(2.0 + 8.0 * bulge))
    end = (q == 0) | (q == half)
    el_c = np.where(end, el_m, el_c)
    out = []
    for k in range(1, EYE_RINGS + 1):
        if k <= LID_CREASE:
            f = k / LID_CREASE
            out.append((lerp(border_angles[0], az_c, f), lerp(border_angles[1], el_c, f)))
        elif k <= LID_MARGIN:
            f = (k - LID_CREASE) / (LID_MARGIN - LID_CREASE)
            out.append((lerp(az_c, az_m, f), lerp(el_c, el_m, f)))
        else:
            out.append((az_m, el_m))
    return out


def _build_eye(b, ids):
    border = _eye_border(ids)
    n = len(border)
    bp = np.array([b.v[i] for i in border])
    uv_b = np.array([b.uv[i] for i in border])
    uv_c = np.array([0.5 * (uv_b[0] + uv_b[n // 2])])
    for q, i in enumerate(border):
        b.tags[i].update(eye_q=q, eye_k=0)
    rings = [border]
    for k, (az, el) in enumerate(_ring_angles(eye_angles(bp), n), start=1):
        d = eye_direction(az, el)
        r = _lid_radius(d)
        if k == LID_CREASE:
            t = np.minimum(np.arange(n), n - np.arange(n)) / (n // 2)
            r = r - np.where(np.arange(n) < n // 2, 0.13, 0.02) * np.clip(4 * t * (1 - t), 0, 1)
        if k == LID_MARGIN:
            r_margin = r
        if k > LID_MARGIN:
            r = [r_margin - 0.17, np.full(n, shape.EYE_R - 0.32)][k - LID_MARGIN - 1]
        p = shape.EYE + r[:, None] * d
        uv = lerp(uv_b, uv_c, k / (EYE_RINGS + 1.5))
        rings.append([b.add(p[q], uv[q], pin=k >= LID_CREASE, eye_q=q, eye_k=k) for q in range(n)])
    for a, c in zip(rings[:-1], rings[1:]):
        for q in range(n):
            b.quads.append([a[q], c[q], c[(q + 1) % n], a[(q + 1) % n]])


def _mouth_border(ids):
    loop = [ids[MOUTH_R0, c] for c in range(MOUTH_C + 1)]
    loop += [ids[r, MOUTH_C] for r in range(MOUTH_R0 + 1, MOUTH_R1 + 1)]
    return loop + [ids[MOUTH_R1, c] for c in range(MOUTH_C - 1, -1, -1)]


def mouth_s(j):
    """Place of a mouth column: 0 at the middle, 1 at the corner."""
    half = MOUTH_C + 2
    t = 1 - np.abs(np.asarray(j) - half) / half
    return 0.45 * t + 0.55 * np.sin(t * np.pi / 2)


def _front_z(x, y):
    origin = np.stack([x, y, np.zeros_like(x)], axis=1)
    return shape.cast(shape.skin, origin, np.tile([0, 0, 1.0], (len(x), 1)))[:, 2]


def _lip_rings(n):
    """Positions (ring, column, 3) of the rings from the red border to the inner lip."""
    j = np.arange(n)
    s = mouth_s(j)
    upper, corner = j < n // 2, j == n // 2
    x = shape.MOUTH_W * s
    contact, hi, lo = lip_curves(s)
    edge = np.where(upper, hi, np.where(corner, contact, lo))
    fade = np.clip(1 - s * s, 0, 1)
    rings = []
    for t in (0.0, 0.2, 0.46, 0.75, 1.0):
        y = lerp(edge, contact, t)
        full = np.where(upper, 0.20 * np.sin(np.pi * t ** 0.75 * 0.86), 0.27 * np.sin(np.pi * t ** 0.7 * 0.88))
        z = _front_z(x, y) + full * fade ** 0.45 + 0.03 * (t == 0) * upper
        rings.append(np.stack([x, y, z], axis=1))
    front = rings[-1]
    front[:, 2] = 0.5 * (front[:, 2] + front[::-1, 2])  # upper and lower lip touch exactly
    sign = np.where(upper, 1.0, np.where(corner, 0.0, -1.0))
    for back, rise, shrink in ((0.34, 0.0, 0.985), (0.62, 0.22, 0.97), (0.78, 0.62, 0.97), (0.80, 1.05, 0.97)):
        deep = np.stack([front[:, 0] * shrink, front[:, 1] + sign * rise * (1 - s ** 4),
                         front[:, 2] - back], axis=1)
        rings.append(deep)
    return rings


def _build_mouth(b, ids):
    border = _mouth_border(ids)
    n = len(border)
    uv_b = np.array([b.uv[i] for i in border])
    v_mid = 0.5 * (uv_b[0, 1] + uv_b[-1, 1])
    uv_c = np.stack([uv_b[:, 0] * 0.8, v_mid + 0.02 * (uv_b[:, 1] - v_mid)], axis=1)
    lips = _lip_rings(n)
    bp = np.array([b.v[i] for i in border])
    for j, i in enumerate(border):
        b.tags[i].update(mouth_j=j, mouth_k=0)
    rings = [border]
    for k in range(1, MOUTH_RINGS + 1):
        p = lips[k - LIP_BORDER] if k >= LIP_BORDER else lerp(bp, lips[0], k / LIP_BORDER)
        uv = lerp(uv_b, uv_c, k / (MOUTH_RINGS + 1))
        rings.append([b.add(p[j], uv[j], pin=k >= LIP_BORDER, mouth_j=j, mouth_k=k) for j in range(n)])
    for a, c in zip(rings[:-1], rings[1:]):
        for j in range(n - 1):
            b.quads.append([a[j], c[j], c[j + 1], a[j + 1]])
    return rings


# ---------------------------------------------------------------- relaxation and mirroring

def _edges(quads):
    e = np.vstack([quads[:, [a, (a + 1) % 4]] for a in range(4)])
    e = np.sort(e[e[:, 0] != e[:, 1]], axis=1)
    return np.unique(e, axis=0)


def _relax(v, quads, pin, rounds):
    """Even out the spacing of free vertices while they stay on the skin's surface."""
    e = _edges(quads)
    mid = np.abs(v[:, 0]) < 1e-6
    twice01 = np.where(mid[e[:, 0]] & ~mid[e[:, 1]], 2.0, 1.0)   # the mirrored neighbour counts too
    twice10 = np.where(mid[e[:, 1]] & ~mid[e[:, 0]], 2.0, 1.0)
    free = ~pin
    for _ in range(rounds):
        stiff = 1 + NOSE_DENSITY * gauss(0.5 * (v[e[:, 0]] + v[e[:, 1]]), (0, -2.6, 8.6), (1.1, 0.9, 1.6))
        w01, w10 = stiff * twice01, stiff * twice10
        total = np.bincount(e[:, 0], w01, len(v)) + np.bincount(e[:, 1], w10, len(v))
        acc = np.zeros_like(v)
        for a in range(3):
            acc[:, a] = (np.bincount(e[:, 0], w01 * v[e[:, 1], a], len(v))
                         + np.bincount(e[:, 1], w10 * v[e[:, 0], a], len(v)))
        move = 0.5 * (acc / total[:, None] - v)
        v[free] += move[free]
        v[mid, 0] = 0.0
        v[free] = shape.project(shape.skin, v[free], steps=1)
        v[mid, 0] = 0.0
    v[free] = shape.project(shape.skin, v[free], steps=4)
    v[mid, 0] = 0.0
    return v


def _mirror(v, quads, uv, tags):
    n = len(v)
    mid = np.abs(v[:, 0]) < 1e-6
    other = np.arange(n)
    extra = np.where(~mid)[0]
    other[extra] = n + np.arange(len(extra))
    full_v = np.vstack([v, v[extra] * [-1, 1, 1]])
    full_uv = np.vstack([uv, uv[extra]])
    full_q = np.vstack([quads, other[quads][:, ::-1]])
    mirror = np.concatenate([other, extra])
    full_tags = {k: np.concatenate([t, t[extra]]) for k, t in tags.items()}
    return full_v, full_q, full_uv, mirror, full_tags


def build():
    b = _Builder()
    ids = _build_grid(b)
    _build_eye(b, ids)
    mouth_rings = _build_mouth(b, ids)
    v, quads = np.array(b.v), np.array(b.quads)
    v = _relax(v, quads, np.array(b.pin), 60)
    names = ("eye_q", "eye_k", "mouth_j", "mouth_k", "row")
    tags = {k: np.array([t.get(k, -1) for t in b.tags]) for k in names}
    v, quads, uv, mirror, tags = _mirror(v, quads, np.array(b.uv), tags)
    head = Head(v, quads, uv, mirror, **tags)
    head.extra["mouth_rings"] = np.array(mouth_rings)
    return head
