"""The form of the head, neck and shoulders as one signed distance field, symmetric in x (cm)."""
import numpy as np

from look import Fold, Look
from vmath import capsule, ellipsoid, gauss, normalize, smax, smin

FAR_CM = 22.0                # rays start outside of everything
NECKLINE_CENTRE = np.array([0.0, -16.8, -2.6])   # inside the chest
NECKLINE_COS = (-1.0, -0.4, 0.1, 0.6, 1.0)       # cosine of the angle round the neck: behind .. in front
NECKLINE_ELEVATION_DEG = (58.0, 58.0, 55.0, 50.0, 45.0)   # lower in front, so that the throat is free


def fold(p, soft=0.9):
    """Mirror points to the left side without a crease at the midline; soft is the width of the turn."""
    x = p[..., 0]
    return np.concatenate([(x * np.tanh(x / soft))[..., None], p[..., 1:]], axis=-1)


class Form:
    """Signed distances to the surfaces of one look; points are (..., 3)."""

    def __init__(self, look: Look):
        self.look = look
        self.eye = np.array(look.eye.centre, float)
        self.lid_radius = look.eye.ball_radius + look.eye.lid_gap

    def _skull(self, p):
        s = self.look.skull
        return smin(ellipsoid(p, s.cranium, s.cranium_radii), ellipsoid(p, s.face, s.face_radii), 2.5)

    def _jaw(self, p, f, d):
        s = self.look.skull
        d = smin(d, capsule(f, s.jaw_angle, s.jaw_front, s.jaw_angle_radius, s.jaw_front_radius), 2.6)
        d = smin(d, ellipsoid(p, s.chin, s.chin_radii), 1.8)
        return smin(d, ellipsoid(p, s.muzzle, s.muzzle_radii), 2.4)

    def _brow(self, f, d):
        s = self.look.skull
        d = smin(d, capsule(f, s.brow_inner, s.brow_outer, 1.0, 0.9), 2.6)
        return smax(d, -ellipsoid(f, s.socket, s.socket_radii), 2.6)

    def _nose(self, p, d):
        n, g = self.look.nose, fold(p, 0.25)
        d = smin(d, capsule(p, n.bridge, n.bridge_end, 0.25, 0.42), 1.5)
        d = smin(d, ellipsoid(p, n.tip, n.tip_radii), 0.75)
        d = smin(d, ellipsoid(g, n.wing, n.wing_radii), 0.42)
        return smax(d, -ellipsoid(g, n.nostril, n.nostril_radii), 0.22)

    def _lids(self, p, d):
        ball = np.linalg.norm(fold(p, 0.5) - self.eye, axis=-1) - self.lid_radius
        return smin(d, ball, np.where(p[..., 1] < self.eye[1], 1.1, 0.9))

    def _neck_and_trunk(self, p, d):
        k, g = self.look.neck, fold(p, 0.9)
        neck = capsule(p, k.top, k.foot, k.top_radius, k.foot_radius)
        trunk = capsule(g, k.shoulder_inner, k.shoulder_outer, k.shoulder_radius, k.shoulder_radius)
        trunk = smin(trunk, ellipsoid(p, k.chest, k.chest_radii), 4.0)
        trunk = smin(trunk, capsule(g, k.arm_top, k.arm_end, k.arm_radius, k.arm_radius), 2.6)
        return smin(d, smin(neck, trunk, 3.4), 1.2)

    def face(self, p):
        """Head without lids, for what lies on the skull (hair, brows)."""
        s, f = self.look.skull, fold(p)
        d = smin(self._jaw(p, f, self._skull(p)), ellipsoid(f, s.cheek, s.cheek_radii), 2.2)
        d = self._brow(f, d) + self.look.nose.dent_cm * gauss(p, (0, 0.5, 7.6), (2.1, 1.6, 2.0))
        return self._nose(p, d)

    def torso(self, p):
        return self._neck_and_trunk(p, np.full(p.shape[:-1], 1e3))

    def skin(self, p):
        """Everything that the skin mesh is laid on; with the dents under the lower lip and the nose."""
        low = self.look.mouth.height
        d = self._neck_and_trunk(p, self._lids(p, self.face(p)))
        d = d + 0.12 * gauss(p, (0, low - 1.15, 7.6), (1.2, 0.33, 2.0))
        d = d + 0.05 * gauss(p, (0, low + 1.2, 8.0), (0.26, 0.4, 2.0))
        return d + sum(_groove(p, fold) for fold in self.look.folds) if self.look.folds else d

    def neckline(self, theta, offset=0.0):
        """Points of the neckline round the neck at angles theta (n,); theta = 0 in front."""
        e = np.radians(np.interp(np.cos(theta), NECKLINE_COS, NECKLINE_ELEVATION_DEG))
        d = np.stack([np.sin(theta) * np.cos(e), np.sin(e), np.cos(theta) * np.cos(e)], axis=1)
        return cast(self.torso, np.tile(NECKLINE_CENTRE, (len(theta), 1)), d, offset=offset)

    def walk_down(self, p, theta, steps, length, offset):
        """Rings passed when walking from points on the trunk outwards and down along its surface."""
        radial = np.stack([np.sin(theta), np.full_like(theta, -0.75), np.cos(theta)], axis=1)
        rings = []
        for k in range(steps):
            n = gradient(self.torso, p)
            t = radial - (radial * n).sum(1, keepdims=True) * n
            p = project(self.torso, p + normalize(t) * length(k), offset, 3)
            rings.append(p)
        return rings


def _groove(p, groove: Fold):
    """Depth (…,) of a groove of both halves at points (…, 3)."""
    q = np.concatenate([np.abs(p[..., :1]), p[..., 1:]], axis=-1)
    far = np.min([capsule(q, a, b, 0.0, 0.0) for a, b in zip(groove.line[:-1], groove.line[1:])], axis=0)
    return groove.deep_cm * np.exp(-(far / groove.wide_cm) ** 2)


def gradient(field, p, h=0.02):
    """Unit normals (n, 3) of a field at points (n, 3)."""
    steps = np.eye(3) * h
    return normalize(np.stack([field(p + e) - field(p - e) for e in steps], axis=1))


def project(field, p, offset=0.0, steps=4):
    """Move points along the gradient onto the level set field = offset."""
    p = p.copy()
    for _ in range(steps):
        p -= np.clip(field(p) - offset, -0.6, 0.6)[:, None] * gradient(field, p)
    return p


def cast(field, origin, direction, far=FAR_CM, offset=0.0):
    """Outermost hit of each ray when walking from the far end towards its origin."""
    direction = normalize(direction)
    t = np.full(len(origin), far)
    for _ in range(70):
        d = field(origin + t[:, None] * direction) - offset
        t = np.maximum(t - np.maximum(d, 0.0) * 0.8, 0.0)
    return origin + t[:, None] * direction
