"""The skin mesh: the grid over half the head with loops round the eye and the mouth, then mirrored."""
from dataclasses import dataclass, field

import numpy as np

import grid
from lids import eye_angles, eye_direction, lid_azimuth, lid_curves
from lips import lip_rings
from relax import relax, soften
from shape import Form
from vmath import gauss, lerp, normalize, quads_to_tris

EYE_RINGS = 9          # 1-3 brow side, 4-7 lid (crease .. margin), 8-9 the lid's edge turned inwards
MOUTH_RINGS = 11       # 1-2 skin, 3-7 red of the lip, 8-11 the inner lip
LID_CREASE, LID_MARGIN, LIP_BORDER, LIP_CONTACT = 4, 7, 3, 7
CREASE_DEPTH_CM = 0.13
LID_EDGE_CM = 0.17     # thickness of the lid that shows at its margin
CREASE_AWAY_DEG = (4.5, 11.5, 8.5)     # crease from margin: at the corners, above, below
BETWEEN_BROWS = ((1.3, 2.0, 7.4), (1.1, 1.7, 1.6))
INNER_CORNER = ((1.3, -0.7, 7.2), (0.55, 1.0, 1.5))
INNER_CORNER_ROUNDS = 8      # where the rings turn round the inner corner they are smoothed on their own; for longer they would close over it
NOSE_TIP = ((0, -2.5, 8.2), (1.4, 1.0, 1.6))


@dataclass
class Head:
    """Vertices in cm and what the morph targets, the paint and the other parts need to know of them."""
    v: np.ndarray
    quads: np.ndarray
    uv: np.ndarray
    mirror: np.ndarray                 # index of each vertex's mirror image
    eye_q: np.ndarray                  # place round the eye, -1 elsewhere (0 inner, half outer)
    eye_k: np.ndarray                  # ring round the eye, 0 the grid's border
    mouth_j: np.ndarray                # column of the mouth (0 upper middle .. last lower middle)
    mouth_k: np.ndarray
    mouth_rings: np.ndarray = field(default_factory=lambda: np.zeros(0, int))

    @property
    def tris(self):
        return quads_to_tris(self.quads)


class _Builder:
    def __init__(self):
        self.v, self.uv, self.quads, self.pin, self.tags = [], [], [], [], []

    def add(self, p, uv, pin=False, **tags):
        self.v.append(np.array(p, float))
        self.uv.append(np.array(uv, float))
        self.pin.append(pin)
        self.tags.append(tags)
        return len(self.v) - 1

    def tag(self, name):
        return np.array([t.get(name, -1) for t in self.tags])


def _build_grid(b, form):
    pos, uv = grid.grid_positions(form), grid.grid_uv()
    ids = -np.ones((grid.ROWS, grid.COLS), int)
    ids[0] = b.add(pos[0, 0], uv[0, grid.COLS // 2])
    for r in range(1, grid.ROWS):
        for c in range(grid.COLS):
            if not grid.is_hole(r, c):
                ids[r, c] = b.add(pos[r, c], uv[r, c], pin=(r == grid.ROWS - 1))
    for r in range(grid.ROWS - 1):
        for c in range(grid.COLS - 1):
            if not grid.in_eye(r, c) and not grid.in_mouth(r, c):
                b.quads.append([ids[r, c], ids[r + 1, c], ids[r + 1, c + 1], ids[r, c + 1]])
    return ids


# ---------------------------------------------------------------- rings round the eye

def _lid_radius(form, direction):
    """Distance from the eye's centre at which a ray leaves the skin, at least the lid's radius."""
    t = np.full(len(direction), form.lid_radius)
    for _ in range(60):
        d = form.skin(form.eye + t[:, None] * direction)
        t = np.clip(t - d * 0.6, form.lid_radius, form.lid_radius + 2.5)
    return t


def _round_the_eye(n):
    """t along the lid (0 inner .. 1 outer) and whether above, of the n places of a ring."""
    half, q = n // 2, np.arange(n)
    return np.where(q <= half, q / half, (n - q) / half), q <= half


def _ring_angles(form, border_angles, n):
    """[(azimuth, elevation)] of the eye's rings; the crease is the margin's line moved outwards."""
    t, up = _round_the_eye(n)
    hi, lo, _ = lid_curves(form.look.eye, t)
    margin = np.column_stack([lid_azimuth(form.look.eye, t), np.where(up, hi, lo)])
    along = np.roll(margin, -1, 0) - np.roll(margin, 1, 0)
    away = normalize(np.column_stack([-along[:, 1], along[:, 0]]))
    for _ in range(3):
        away = normalize(0.5 * away + 0.25 * (np.roll(away, 1, 0) + np.roll(away, -1, 0)))
    corner, above, below = CREASE_AWAY_DEG
    bulge = np.clip(4 * t * (1 - t), 0, 1) ** 0.6
    crease = margin + away * (corner + np.where(up, above - corner, below - corner) * bulge)[:, None]
    border = np.column_stack(border_angles)
    out = [lerp(border, crease, k / LID_CREASE) for k in range(1, LID_CREASE + 1)]
    steps = LID_MARGIN - LID_CREASE
    out += [lerp(crease, margin, k / steps) for k in range(1, steps + 1)]
    out += [margin] * (EYE_RINGS - LID_MARGIN)
    return [(a[:, 0], a[:, 1]) for a in out]


def _build_eye(b, form, ids):
    border = [ids[rc] for rc in grid.eye_border()]
    n, ball = len(border), form.look.eye.ball_radius
    bp, uv_b = np.array([b.v[i] for i in border]), np.array([b.uv[i] for i in border])
    uv_c = 0.5 * (uv_b[0] + uv_b[n // 2])
    for q, i in enumerate(border):
        b.tags[i].update(eye_q=q, eye_k=0)
    angles = _ring_angles(form, eye_angles(bp, form.eye), n)

    def outwards(k):
        """Rising smoothly from the lid's edge on the ball to the skin."""
        skin = _lid_radius(form, eye_direction(*angles[k - 1]))
        return form.lid_radius + (skin - form.lid_radius) * np.clip(1 - k / LID_MARGIN, 0, 1) ** 1.25

    t, up = _round_the_eye(n)
    crease = form.eye + outwards(LID_CREASE)[:, None] * eye_direction(*angles[LID_CREASE - 1])
    dent = np.where(up, CREASE_DEPTH_CM, 0.0) * np.clip(4 * t * (1 - t), 0, 1)
    rings = [border]
    for k in range(1, EYE_RINGS + 1):
        r = outwards(k)
        if k == LID_CREASE:
            r = np.maximum(r - dent, ball + 0.08)
        if k > LID_MARGIN:
            r = outwards(LID_MARGIN) - LID_EDGE_CM if k == LID_MARGIN + 1 else np.full(n, ball - 0.32)
        p = lerp(bp, crease, k / LID_CREASE) if k < LID_CREASE else form.eye + r[:, None] * eye_direction(*angles[k - 1])
        uv = lerp(uv_b, uv_c, k / (EYE_RINGS + 1.5))
        rings.append([b.add(p[q], uv[q], pin=True, eye_q=q, eye_k=k) for q in range(n)])
    for a, c in zip(rings[:-1], rings[1:]):
        b.quads += [[a[q], c[q], c[(q + 1) % n], a[(q + 1) % n]] for q in range(n)]


# ---------------------------------------------------------------- rings round the mouth

def _build_mouth(b, form, ids):
    border = [ids[rc] for rc in grid.mouth_border()]
    n = len(border)
    bp, uv_b = np.array([b.v[i] for i in border]), np.array([b.uv[i] for i in border])
    v_mid = 0.5 * (uv_b[0, 1] + uv_b[-1, 1])
    uv_c = np.stack([uv_b[:, 0] * 0.8, v_mid + 0.02 * (uv_b[:, 1] - v_mid)], axis=1)
    lips = lip_rings(form, n)
    for j, i in enumerate(border):
        b.tags[i].update(mouth_j=j, mouth_k=0)
    rings = [border]
    for k in range(1, MOUTH_RINGS + 1):
        p = lips[k - LIP_BORDER] if k >= LIP_BORDER else lerp(bp, lips[0], k / LIP_BORDER)
        uv = lerp(uv_b, uv_c, k / (MOUTH_RINGS + 1))
        rings.append([b.add(p[j], uv[j], pin=k >= LIP_BORDER, mouth_j=j, mouth_k=k) for j in range(n)])
    for a, c in zip(rings[:-1], rings[1:]):
        b.quads += [[a[j], c[j], c[j + 1], a[j + 1]] for j in range(n - 1)]
    return np.array(rings)


# ---------------------------------------------------------------- the whole

def _softness(b, v):
    """How much each vertex may leave the form for smoothness: the skin round lids and lips, not the lids."""
    k, q, m = b.tag("eye_k"), b.tag("eye_q"), b.tag("mouth_k")
    below = q > q.max() / 2
    w = np.select([k == 0, (k == 1) | (k == 2), k == 3, (k == 4) | (k == 5)],
                  [0.5, 0.8, np.where(below, 0.9, 0.5), np.where(below, 0.6, 0.0)], 0.0)
    w = np.where((m >= 0) & (m < LIP_BORDER), 0.9, w)
    w = np.where((k < 0) & (m < 0) & ~np.array(b.pin), 0.25, w)
    w = np.where(k >= LID_CREASE, w, np.maximum(w, gauss(v, *BETWEEN_BROWS)))
    return np.where((gauss(v, *NOSE_TIP) > 0.3) | (m >= LIP_BORDER), 0.0, w)


def _inner_corner(b, v):
    lid, lip = b.tag("eye_k") >= LID_MARGIN, b.tag("mouth_k") >= LIP_BORDER
    return np.where(lid | lip, 0.0, gauss(v, *INNER_CORNER))


def _mirrored(v, quads, uv, tags):
    n = len(v)
    mid = np.abs(v[:, 0]) < 1e-6
    extra = np.where(~mid)[0]
    other = np.arange(n)
    other[extra] = n + np.arange(len(extra))
    return Head(np.vstack([v, v[extra] * [-1, 1, 1]]), np.vstack([quads, other[quads][:, ::-1]]),
                np.vstack([uv, uv[extra]]), np.concatenate([other, extra]),
                **{k: np.concatenate([t, t[extra]]) for k, t in tags.items()})


def build(form: Form) -> Head:
    b = _Builder()
    ids = _build_grid(b, form)
    _build_eye(b, form, ids)
    rings = _build_mouth(b, form, ids)
    v, quads = np.array(b.v), np.array(b.quads)
    v = relax(form, v, quads, np.array(b.pin))
    v = soften(v, quads, _softness(b, v))
    v = soften(v, quads, _inner_corner(b, v), INNER_CORNER_ROUNDS)
    tags = {k: b.tag(k) for k in ("eye_q", "eye_k", "mouth_j", "mouth_k")}
    head = _mirrored(v, quads, np.array(b.uv), tags)
    head.mouth_rings = rings
    return head
