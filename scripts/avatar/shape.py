"""The form of the head, neck and shoulders as one signed distance field.

Unit: centimetre. Origin: between the eyes' centres' height and the head's axis; +X is the character's
left, +Y up, +Z forward. The field is symmetric in x.
"""
import numpy as np
from vmath import capsule, ellipsoid, gauss, smax, smin, normalize

EYE = np.array([3.15, 0.0, 5.6])  # centre of the left eyeball
EYE_R = 1.95                       # radius of the eyeball
LID_R = EYE_R + 0.19               # radius of the lids' outer face
MOUTH_Y = -5.35                    # height of the mouth line at the middle
MOUTH_W = 2.55                     # half width of the mouth


def _skull(p):
    d = ellipsoid(p, (0, 2.8, -1.2), (7.2, 7.7, 7.9))
    d = smin(d, ellipsoid(p, (0, 3.7, 1.6), (6.3, 5.3, 6.3)), 1.6)      # forehead
    d = smin(d, ellipsoid(p, (0, 0.2, 1.2), (6.45, 5.6, 5.9)), 1.6)     # temples
    d = smin(d, ellipsoid(p, (0, -2.6, 2.2), (5.15, 5.4, 5.5)), 2.0)     # face
    return d


def _jaw(p, d):
    d = smin(d, capsule(p, (3.6, -4.1, 0.3), (0.65, -7.6, 5.6), 1.5, 1.3), 2.8)
    d = smin(d, ellipsoid(p, (0, -7.85, 6.4), (1.2, 1.15, 1.25)), 1.8)
    d = smin(d, ellipsoid(p, (0, -5.2, 5.2), (2.75, 2.3, 2.85)), 1.7)
    return d


def _cheeks(p, d):
    d = smin(d, ellipsoid(p, (3.1, -2.6, 4.7), (2.3, 2.0, 2.35)), 1.8)
    d = smin(d, ellipsoid(p, (4.5, -1.5, 3.0), (1.7, 1.6, 2.0)), 1.9)
    return d


def _brow(p, d):
    d = smin(d, capsule(p, (1.5, 2.3, 6.9), (4.6, 2.4, 5.2), 0.75, 0.8), 1.6)
    d = smax(d, -ellipsoid(p, (3.15, 0.1, 8.4), (2.6, 1.8, 1.5)), 1.3)
    d = smax(d, -ellipsoid(p, (1.4, -0.15, 8.2), (0.7, 0.9, 1.35)), 0.8)
    return d


def _nose(p, d):
    d = smin(d, capsule(p, (0, 1.6, 6.75), (0, -1.9, 8.4), 0.44, 0.46), 0.95)
    d = smin(d, ellipsoid(p, (0, -2.5, 8.9), (0.72, 0.66, 0.76)), 0.7)
    d = smin(d, ellipsoid(p, (0.76, -2.8, 8.0), (0.44, 0.44, 0.66)), 0.4)
    d = smax(d, -ellipsoid(p, (0.38, -3.32, 8.45), (0.22, 0.2, 0.32)), 0.25)
    return d


def _lids(p, d):
    q = p - EYE
    ball = np.linalg.norm(q, axis=-1) - LID_R
    return smin(d, ball, 0.32)


def _neck_and_trunk(p, d):
    n = capsule(p, (0, -4.5, -1.9), (0, -14.5, -3.4), 3.2, 3.3)
    n = smin(n, capsule(p, (0.7, -15.9, -0.4), (3.6, -5.6, -1.8), 0.75, 0.9), 1.4)
    trunk = capsule(p, (0, -17.0, -4.0), (11.6, -19.0, -4.2), 2.6, 3.0)
    trunk = smin(trunk, ellipsoid(p, (0, -25.0, -3.0), (12.0, 9.0, 6.0)), 4.0)
    trunk = smin(trunk, capsule(p, (12.6, -19.4, -4.2), (14.2, -34.0, -4.4), 3.2, 3.0), 3.0)
    n = smin(n, trunk, 4.5)
    return smin(d, n, 1.3)


def face(p):
    """Head without lids (for what lies on the skull: hair, brows)."""
    p = np.abs(p * [1, 0, 0]) + p * [0, 1, 1]
    d = _brow(p, _cheeks(p, _jaw(p, _skull(p))))
    return _nose(p, d)


def body(p):
    p = np.abs(p * [1, 0, 0]) + p * [0, 1, 1]
    return _neck_and_trunk(p, face(p))


def skin(p):
    """Everything that the skin mesh is laid on."""
    p = np.abs(p * [1, 0, 0]) + p * [0, 1, 1]
    d = _lids(p, face(p))
    d = _neck_and_trunk(p, d)
    # a groove under the lower lip, a philtrum, and soft mouth-corner pits
    d = d + 0.16 * gauss(p, (0, -6.75, 8.0), (1.2, 0.33, 2.0))
    d = d + 0.08 * gauss(p, (0, -4.25, 8.2), (0.26, 0.4, 2.0))
    d = d + 0.10 * gauss(p, (MOUTH_W + 0.3, MOUTH_Y + 0.1, 7.0), (0.32, 0.5, 1.5))
    return d


def gradient(field, p, h=0.02):
    g = np.empty_like(p)
    for a in range(3):
        e = np.zeros(3)
        e[a] = h
        g[:, a] = field(p + e) - field(p - e)
    return normalize(g)


def project(field, p, offset=0.0, steps=4):
    """Move points along the gradient onto the level set field = offset."""
    p = p.copy()
    for _ in range(steps):
        d = field(p) - offset
        p -= np.clip(d, -0.6, 0.6)[:, None] * gradient(field, p)
    return p


def cast(field, origin, direction, far=22.0, offset=0.0):
    """Outermost hit of each ray when walking from the far end towards its origin."""
    direction = normalize(direction)
    t = np.full(len(origin), far)
    for _ in range(70):
        d = field(origin + t[:, None] * direction) - offset
        t = np.maximum(t - np.maximum(d, 0.0) * 0.8, 0.0)
    return origin + t[:, None] * direction


NECKLINE_CENTRE = np.array([0.0, -21.0, -3.4])   # inside the chest


def neckline(theta, offset=0.0):
    """Points of the neckline round the neck; theta = 0 in front."""
    e = np.radians(np.interp(np.cos(theta), [-1, -0.4, 0.1, 0.6, 1.0], [50, 49, 46, 36, 24]))
    d = np.stack([np.sin(theta) * np.cos(e), np.sin(e), np.cos(theta) * np.cos(e)], axis=1)
    return cast(body, np.tile(NECKLINE_CENTRE, (len(theta), 1)), d, offset=offset)


def walk_down(p, theta, steps, length, offset):
    """Walk from points on the trunk outwards and down along its surface; returns the rings passed."""
    radial = np.stack([np.sin(theta), np.full_like(theta, -0.75), np.cos(theta)], axis=1)
    rings = []
    for k in range(steps):
        n = gradient(body, p)
        t = radial - (radial * n).sum(1, keepdims=True) * n
        p = project(body, p + normalize(t) * length(k), offset, 3)
        rings.append(p)
    return rings
