"""The lines of the lids as angles about the eye's centre: a blink turns them about one axis."""
import numpy as np

from look import Eye
from vmath import lerp, normalize, smoothstep

CORNER_CROWDING = 0.55       # share of cosine spacing: vertices lie closer near the corners


def lid_share(t):
    """Share of the way from the inner to the outer corner at t = 0..1."""
    t = np.clip(t, 0, 1)
    return lerp(t, 0.5 - 0.5 * np.cos(np.pi * t), CORNER_CROWDING)


def lid_azimuth(eye: Eye, t):
    return lerp(eye.inner_deg, eye.outer_deg, lid_share(t))


def _arch(u, power):
    return np.clip(4 * u * (1 - u), 0, 1) ** power


def lid_curves(eye: Eye, t):
    """Elevations in degrees of the open upper, open lower and shut line at t = 0 (inner) .. 1 (outer).

    The upper lid is highest towards the nose, the lower one lowest towards the temple, as in life.
    """
    u = lid_share(t)
    line = lerp(eye.inner_elevation_deg, eye.outer_elevation_deg, smoothstep(0, 1, u))
    upper = line + eye.upper_deg * _arch(u ** 0.86, 0.60)
    lower = line - eye.lower_deg * _arch(u ** 1.08, 0.64)
    shut = line - eye.closed_deg * _arch(u, 0.80)
    return upper, lower, shut


def eye_direction(azimuth, elevation):
    """Unit vectors; elevation turns about the x axis, so a blink changes it alone."""
    a, e = np.radians(azimuth), np.radians(elevation)
    return np.stack([np.sin(a), np.cos(a) * np.sin(e), np.cos(a) * np.cos(e)], axis=-1)


def eye_angles(p, centre):
    """Azimuth and elevation (n,), (n,) of points (n, 3) seen from the eye's centre."""
    d = normalize(p - centre)
    return np.degrees(np.arcsin(np.clip(d[..., 0], -1, 1))), np.degrees(np.arctan2(d[..., 1], d[..., 2]))
