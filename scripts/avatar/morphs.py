"""The 52 ARKit targets of the skin, and how parts that lie on it or in it follow.

A target is a displacement field in cm over the head's vertices. Fields for a pair (…Left, …Right) are
modelled on both sides at once and split by a smooth mask that sums to one across the midline.
"""
import numpy as np
import shape
from head import (EYE_RINGS, LID_CREASE, LID_MARGIN, LIP_BORDER, LIP_CONTACT, MOUTH_C, _edges, lid_curves,
                  mouth_s)
from vmath import gauss, lerp, rot_x, smoothstep

JAW_HINGE = np.array([0.0, -2.4, -0.6])
JAW_OPEN_DEG = 26.0
LID_CLOSED_EXTRA_CM = 0.06     # closed lids lie this much further out, so that the chords of a blink clear the eye
CORNER_JAW = 0.46              # share of the jaw's motion at the corners of the mouth
BROW_INNER, BROW_OUTER = np.array([1.5, 2.7, 7.6]), np.array([4.3, 2.9, 6.3])


class Fields:
    """Weights over the head's vertices that several targets share."""

    def __init__(self, head):
        self.head = head
        v = head.v
        self.v = v
        self.ax = np.abs(v[:, 0])
        self.sv = np.column_stack([self.ax, v[:, 1], v[:, 2]])   # mirrored to the left side
        half = MOUTH_C + 2
        self.is_mouth = head.mouth_j >= 0
        self.red = self.is_mouth & (head.mouth_k >= LIP_BORDER)
        self.upper = self.red & (head.mouth_j < half)
        self.lower = self.red & (head.mouth_j > half)
        self.corner = self.red & (head.mouth_j == half)
        self.s = np.where(self.is_mouth, mouth_s(np.maximum(head.mouth_j, 0)), np.clip(self.ax / shape.MOUTH_W, 0, 1))
        self.jaw = self._jaw_weight()
        self.low = self._lowerness()
        self.mouth = self._mouth_mask()
        self.split = smoothstep(-1.3, 1.3, v[:, 0])
        self.off_lid = 1 - smoothstep(0.0, LID_CREASE + 1.0, head.eye_k) * (head.eye_k >= 0)   # fades towards the lids

    def _solve(self, pinned, value, rounds=700):
        """Harmonic field over the mesh with the given values at the pinned vertices."""
        e = _edges(self.head.quads)
        n = len(self.v)
        count = np.maximum(np.bincount(e[:, 0], minlength=n) + np.bincount(e[:, 1], minlength=n), 1)
        w = np.where(pinned, value, 0.3)
        for _ in range(rounds):
            acc = np.bincount(e[:, 0], w[e[:, 1]], n) + np.bincount(e[:, 1], w[e[:, 0]], n)
            w = np.where(pinned, value, acc / count)
        return w

    def _jaw_weight(self):
        v, s = self.v, self.s
        chin = (v[:, 1] < -6.9) & (v[:, 2] > 4.0) & (self.ax < 2.6) & (v[:, 1] > -9.9)
        still = (v[:, 1] > -3.0) | (v[:, 2] < -2.2) | (v[:, 1] < -11.5)
        pin = chin | still | self.red
        val = np.where(chin, 1.0, 0.0)
        val = np.where(self.lower, 1 - (1 - CORNER_JAW) * s ** 2.4, val)
        val = np.where(self.upper, CORNER_JAW * s ** 3.0 - 0.03 * (1 - s * s), val)
        val = np.where(self.corner, CORNER_JAW, val)
        return self._solve(pin, val)

    def _lowerness(self):
        v = self.v
        pin = self.red | (v[:, 1] < -7.7) | (v[:, 1] > -3.6)
        val = np.where(self.lower | (v[:, 1] < -7.7), 1.0, np.where(self.corner, 0.5, 0.0))
        return self._solve(pin, val, 300)

    def _mouth_mask(self):
        y = self.v[:, 1] - shape.MOUTH_Y
        e = np.sqrt((self.ax / 2.75) ** 2 + (y / 1.35) ** 2)
        nose = gauss(self.sv, (0, -2.5, 8.8), (1.5, 0.9, 1.6))
        m = 1 - smoothstep(0.9, 2.35, e)
        m = np.where(self.red, 1.0, m * (1 - 0.85 * nose))
        return np.where(self.v[:, 2] > 0, m, 0.0)


def _vec(x=0.0, y=0.0, z=0.0, n=1):
    out = np.zeros((n, 3))
    out[:, 0], out[:, 1], out[:, 2] = x, y, z
    return out


def _out(f, d):
    """Turn a displacement modelled for the left side into one for both: x is outward."""
    r = d.copy()
    r[:, 0] *= np.tanh(f.v[:, 0] / 0.35)
    return r


def jaw_rotation(p, degrees=JAW_OPEN_DEG):
    return rot_x(p - JAW_HINGE, degrees) + JAW_HINGE - p


# ---------------------------------------------------------------- eyes

def lid_place(head):
    """Per vertex: t along the lid (0 inner .. 1 outer), +1/-1 for upper/lower lid (0 elsewhere), lid weight."""
    n = int(head.eye_q.max()) + 1
    half = n // 2
    q, k = head.eye_q, head.eye_k
    t = np.where(q <= half, q / half, (n - q) / half)
    side = np.where(q < 0, 0, np.where((q == 0) | (q == half), 0, np.where(q < half, 1, -1)))
    table = np.array([0, 0.0, 0.025, 0.07, 0.16, 0.46, 0.76, 1, 1, 1])
    weight = np.where(k >= 0, table[np.clip(k, 0, EYE_RINGS)], 0.0)
    return t, side, weight


def turn_lid(p, degrees, weight, radius=None):
    """Displacement of points of the left eye's lids turned by degrees (positive opens upward)."""
    q = p - shape.EYE
    r = np.linalg.norm(q, axis=1)
    moved = rot_x(q, -degrees * weight)
    if radius is not None:
        grow = lerp(r, np.maximum(radius, r - 0.25), weight) / r
        moved = moved * grow[:, None]
    return moved - q


def _lid_target(f, up, low, settle=0.0):
    """Both eyes; up and low are functions of t giving degrees; settle moves lids outward (cm)."""
    t, side, w = lid_place(f.head)
    hi, lo, closed = lid_curves(np.clip(t, 0, 1))
    deg = np.where(side > 0, up(t, hi, closed), np.where(side < 0, low(t, lo, closed), 0.0))
    on_face = f.head.eye_k <= LID_MARGIN
    r = np.linalg.norm(f.sv - shape.EYE, axis=1)
    goal = np.where(on_face, shape.LID_R + settle, r)
    d = turn_lid(f.sv, deg, w, goal if settle else None)
    d[side == 0] = 0.0
    d[:, 0] *= np.sign(f.v[:, 0])
    return d


def bump(t):
    return np.clip(4 * t * (1 - t), 0, 1) ** 0.7


LID_MOVES = {   # name: (degrees of the upper lid, of the lower lid); "shut" goes to the closed line
    "eyeBlink": (lambda t, a, c: c - a, lambda t, a, c: c - a),
    "eyeSquint": (lambda t, a, c: -5.0 * bump(t), lambda t, a, c: 10.0 * bump(t)),
    "eyeWide": (lambda t, a, c: 8.0 * bump(t), lambda t, a, c: -3.0 * bump(t)),
    "eyeLookUp": (lambda t, a, c: 8.0 * bump(t), lambda t, a, c: 2.5 * bump(t)),
    "eyeLookDown": (lambda t, a, c: -15.0 * bump(t), lambda t, a, c: -4.0 * bump(t))}


CHEEK_SQUINT_LID = (lambda t, a, c: 0.0 * t, lambda t, a, c: 5.0 * bump(t))


def _eye_targets(f):
    out = {}
    for name, (up, low) in LID_MOVES.items():
        out[name] = _lid_target(f, up, low, LID_CLOSED_EXTRA_CM if name == "eyeBlink" else 0.0)
    sv = f.sv
    cheek = gauss(sv, (3.4, -2.9, 6.2), (1.6, 0.9, 2.0)) * f.off_lid
    out["eyeSquint"] += _vec(0, 0.16 * cheek, 0.06 * cheek, len(sv))
    for name, sign in (("eyeLookIn", -1), ("eyeLookOut", 1)):
        _, side, w = lid_place(f.head)
        d = _vec(sign * 0.10 * w * (side != 0) * bump(lid_place(f.head)[0]), 0, 0, len(sv))
        d[:, 0] *= np.sign(f.v[:, 0])
        out[name] = d
    return out


# ---------------------------------------------------------------- brows, cheeks, nose

def _brow_targets(f):
    sv, n = f.sv, len(f.sv)
    keep = 1 - smoothstep(1.5, LID_CREASE, f.head.eye_k) * (f.head.eye_k >= 0)
    inner = gauss(sv, BROW_INNER, (1.25, 1.2, 2.5)) * keep
    outer = gauss(sv, BROW_OUTER, (1.5, 1.3, 2.5)) * keep
    fore = gauss(sv, (1.0, 4.8, 8), (2.2, 1.6, 3)) 
    return {"browInnerUp": _vec(-0.10 * inner, 0.72 * inner + 0.15 * fore, 0.05 * inner, n),
            "browOuterUp": _vec(0, 0.70 * outer + 0.10 * inner, 0, n),
            "browDown": _vec(-0.22 * inner, -0.68 * inner - 0.34 * outer, 0.14 * inner, n)}


def _cheek_nose_targets(f):
    sv, n = f.sv, len(f.sv)
    keep = f.off_lid
    apple = gauss(sv, (3.5, -2.6, 6.2), (1.5, 1.1, 2.2)) * keep
    squint = _lid_target(f, *CHEEK_SQUINT_LID)
    puff = gauss(sv, (3.8, -4.9, 5.2), (1.7, 1.7, 2.2)) * (1 - f.red)
    alar = gauss(sv, (0.9, -2.8, 8.1), (0.75, 0.7, 1.2))
    bridge = gauss(sv, (0.9, -0.9, 7.7), (0.7, 0.9, 1.4)) * keep
    lip = gauss(sv, (1.2, -4.7, 8.3), (1.0, 0.6, 1.4)) * (1 - f.low)
    brow = gauss(sv, BROW_INNER, (1.2, 1.0, 2.5)) * keep
    return {"cheekSquint": squint * np.where(f.head.eye_k >= 0, 1, 0)[:, None] + _vec(0.05 * apple, 0.36 * apple, 0.16 * apple, n),
            "cheekPuff": _vec(0.75 * puff, 0.05 * puff, 0.45 * puff, n) + _vec(0, 0, 0.12 * f.mouth, n),
            "noseSneer": _vec(0.10 * alar, 0.36 * alar + 0.22 * lip + 0.15 * bridge - 0.16 * brow, 0.06 * alar, n)}


# ---------------------------------------------------------------- mouth

def _corner(f, sx=1.25, sy=1.1):
    c = gauss(f.sv, (shape.MOUTH_W, shape.MOUTH_Y + 0.15, 7.0), (sx, sy, 2.4))
    return np.where(f.v[:, 2] > 0, c, 0.0)


def _to_line(f):
    """Vertical way from each vertex to the mouth line."""
    s = np.clip(f.ax / shape.MOUTH_W, 0, 1)
    return shape.MOUTH_Y + 0.08 * s ** 2 + 0.28 * s ** 4 - f.v[:, 1]


def _smiles(f):
    n, sv, c, m = len(f.v), f.sv, _corner(f), f.mouth
    apple = gauss(sv, (3.5, -2.8, 6.0), (1.5, 1.2, 2.2)) * f.off_lid
    thin = f.red * _to_line(f) * 0.12
    mid = m * np.exp(-(sv[:, 0] / 1.4) ** 2)
    return {
        "mouthSmile": _vec(0.42 * c + 0.06 * apple + 0.05 * m * sv[:, 0], 0.72 * c + 0.30 * apple + 0.02 * mid + thin,
                           -0.34 * c + 0.20 * apple - 0.10 * mid, n),
        "mouthFrown": _vec(0.05 * c, -0.70 * c + 0.08 * mid, -0.12 * c, n),
        "mouthDimple": _vec(0.32 * c, 0.10 * c, -0.42 * c, n),
        "mouthStretch": _vec(0.72 * c, -0.16 * c - 0.10 * f.low * m * c, -0.42 * c - 0.05 * m, n),
        "mouthPress": _vec(0.10 * c, f.red * _to_line(f) * 0.42 + 0.06 * c, -0.13 * f.red - 0.08 * c, n)}


def _lip_lifts(f):
    n, sv, m = len(f.v), f.sv, f.mouth
    s = np.clip(sv[:, 0] / shape.MOUTH_W, 0, 1)
    arch = (1 - s ** 3) * (0.75 + 0.5 * s)
    skin_y = sv[:, 1] - shape.MOUTH_Y
    below = np.where(f.red, 1.0, 1 - smoothstep(0.8, 2.6, -skin_y))
    above = np.where(f.red, 1.0, 1 - smoothstep(0.7, 2.0, skin_y))
    low, up = f.low * m * arch * below, (1 - f.low) * m * arch * above
    alar = gauss(sv, (1.0, -2.9, 8.0), (0.8, 0.6, 1.2))
    return {"mouthLowerDown": _vec(0.05 * low, -0.62 * low, 0.02 * low, n),
            "mouthUpperUp": _vec(0.02 * up, 0.55 * up + 0.12 * alar, 0.04 * up, n)}


def _rounds(f):
    n, v, m = len(f.v), f.v, f.mouth
    s = np.clip(f.ax / shape.MOUTH_W, 0, 1)
    open_ = (1 - s ** 2) ** 0.7
    up, low = (1 - f.low) * m, f.low * m
    cheeks = gauss(f.sv, (3.4, -5.0, 5.8), (1.2, 1.4, 2))
    flare = np.where(f.head.mouth_k >= LIP_CONTACT, 0.75, 1.0)
    funnel = _vec(-0.34 * v[:, 0] * m, (0.36 * up - 0.46 * low) * open_ - 0.26 * s ** 3 * m, (0.52 + 0.22 * s) * m * flare, n)
    pucker = _vec(-0.54 * v[:, 0] * m, (0.07 * up - 0.09 * low) * (1 - s * s) * np.where(f.head.mouth_k >= LIP_CONTACT, 0.35, 1)
                  - 0.26 * s ** 3 * m,
                  (0.62 + 0.35 * s) * m * flare - 0.10 * cheeks, n)
    return {"mouthFunnel": funnel, "mouthPucker": pucker}


def _rolls(f):
    n, k = len(f.v), f.head.mouth_k
    s = np.clip(f.ax / shape.MOUTH_W, 0, 1)
    fade = np.clip(1 - s ** 4, 0, 1)
    t = np.clip((k - LIP_BORDER) / (LIP_CONTACT - LIP_BORDER), 0, 1) * f.red
    skin = f.mouth * (1 - f.red)
    inner = (k > LIP_CONTACT) * f.red
    out = {}
    for name, part, mask in (("mouthRollLower", f.lower, f.low), ("mouthRollUpper", f.upper, 1 - f.low)):
        sign = 1.0 if part is f.lower else -1.0
        red = part * fade
        rise = 0.34 if part is f.lower else 0.12
        pull = red * _to_line(f) * (0.62 - 0.1 * t) + sign * rise * red * t ** 1.5
        y = pull + sign * 0.28 * skin * mask
        z = -(0.16 + 0.34 * t + 0.10 * inner) * red - 0.12 * skin * mask
        out[name] = _vec(0, y, z, n)
    return out


def _shrugs_and_shifts(f):
    n, v, m = len(f.v), f.v, f.mouth
    s = np.clip(f.ax / shape.MOUTH_W, 0, 1)
    mid = m * (1 - s ** 2.5)
    chin = gauss(f.sv, (0, -7.6, 7.3), (1.6, 1.0, 2.0))
    turn = np.radians(8.0)
    side = np.cross(np.array([0, turn, 0]), v - np.array([0, 0, 1.0])) * m[:, None]
    j = f.jaw[:, None]
    yaw = np.cross(np.array([0, np.radians(6.0), 0]), v - JAW_HINGE) * j
    return {"mouthShrugLower": _vec(0, 0.34 * mid * (0.55 + 0.45 * f.low) + 0.28 * chin * (1 - f.red), 0.12 * mid * f.low + 0.06 * chin, n),
            "mouthShrugUpper": _vec(0, 0.26 * mid * (1 - 0.45 * f.low), 0.10 * mid * (1 - f.low), n),
            "mouthLeft": side, "mouthRight": None, "jawLeft": yaw, "jawRight": None,
            "jawForward": j * np.array([0, 0.05, 0.62])}


def _jaw_open_and_close(f):
    jaw = jaw_rotation(f.v) * f.jaw[:, None]
    jaw[:, 0] -= 0.17 * f.v[:, 0] * np.clip(f.jaw, 0, 1) * (1 - f.jaw) * 4 * f.mouth   # corners come in a little
    h = f.head
    half = MOUTH_C + 2
    close = np.zeros_like(jaw)
    ids = {(h.mouth_j[i], h.mouth_k[i], f.v[i, 0] >= -1e-6): i for i in np.where(f.is_mouth)[0]}
    for j in range(half):
        for side in (True, False):
            a, b = ids.get((j, LIP_CONTACT, side)), ids.get((2 * half - j, LIP_CONTACT, side))
            if a is None:
                continue
            gap = jaw[b] - jaw[a]
            for k in range(0, h.mouth_k.max() + 1):
                fall = [0.45, 0.6, 0.78, 0.92, 0.97, 1, 1, 1, 1, 1, .9, .8][k]
                close[ids[(j, k, side)]] = 0.42 * gap * fall
                close[ids[(2 * half - j, k, side)]] = -0.58 * gap * fall
    return {"jawOpen": jaw, "mouthClose": _spread(f, close)}


def _spread(f, d):
    """Let a displacement given at the mouth's loops fade out into the skin round them."""
    e = _edges(f.head.quads)
    n = len(f.v)
    y = f.v[:, 1]
    away = (y > -3.3) | (y < -8.7) | (f.v[:, 2] < 2.0)
    pin = f.is_mouth | away
    count = np.maximum(np.bincount(e[:, 0], minlength=n) + np.bincount(e[:, 1], minlength=n), 1)
    out = d.copy()
    for _ in range(200):
        acc = np.stack([np.bincount(e[:, 0], out[e[:, 1], a], n) + np.bincount(e[:, 1], out[e[:, 0], a], n)
                        for a in range(3)], axis=1)
        out = np.where(pin[:, None], d, acc / count[:, None])
    return out


def _tongue_room(f):
    """tongueOut parts the lips a little in the middle."""
    s = np.clip(f.ax / shape.MOUTH_W, 0, 1)
    mid = f.mouth * (1 - s ** 1.6)
    return _vec(0, 0.20 * mid * (1 - f.low) - 0.50 * mid * f.low, 0.10 * mid, len(f.v))


def build(head):
    """All 52 targets of the head: {ARKit name: displacement (n, 3) in cm}."""
    f = Fields(head)
    out = {}
    pairs = {**_eye_targets(f), **_cheek_nose_targets(f), **_smiles(f), **_lip_lifts(f), **_brow_targets(f)}
    for group in (_cheek_nose_targets(f), _smiles(f), _lip_lifts(f), _brow_targets(f)):
        for k, d in group.items():
            pairs[k] = _out(f, d)
    out["browInnerUp"] = pairs.pop("browInnerUp")
    out["cheekPuff"] = pairs.pop("cheekPuff")
    for k, d in pairs.items():
        out[k + "Left"] = d * f.split[:, None]
        out[k + "Right"] = d * (1 - f.split)[:, None]
    for group in (_rounds(f), _rolls(f), _shrugs_and_shifts(f), _jaw_open_and_close(f)):
        out.update(group)
    for k in ("mouth", "jaw"):
        out[k + "Right"] = out[k + "Left"][head.mirror] * [-1, 1, 1]
    out["tongueOut"] = _tongue_room(f)
    return out, f


def follow(targets, head, points, names=None, count=4):
    """Displacements of points that lie on the skin, from the nearest head vertices."""
    d2 = ((points[:, None, :] - head.v[None, :, :]) ** 2).sum(-1)
    near = np.argsort(d2, axis=1)[:, :count]
    w = 1.0 / (np.take_along_axis(d2, near, 1) + 0.02)
    w /= w.sum(1, keepdims=True)
    return {k: (d[near] * w[..., None]).sum(1) for k, d in targets.items() if names is None or k.startswith(names)}


def jaw_part_targets(p, share=1.0):
    """Targets of what is fixed to the lower jaw."""
    yaw = np.cross(np.array([0, np.radians(6.0), 0]), p - JAW_HINGE)
    return {"jawOpen": jaw_rotation(p) * share, "jawForward": np.tile([0, 0.05, 0.62], (len(p), 1)) * share,
            "jawLeft": yaw * share, "jawRight": -yaw * share}
