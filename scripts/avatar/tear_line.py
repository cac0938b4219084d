"""The tears that stand between eyeball and lower lid: a narrow wet band that light runs along."""
import numpy as np

from lid_targets import LID_MOVES, turn_lid
from lids import eye_direction, lid_azimuth, lid_curves
from look import Eye
from vmath import smoothstep

COLUMNS, FROM, TO = 17, 0.05, 0.97     # along the lid, 0 at the inner corner
# Across the band, hollow as water is: (height over the lid's edge in degrees, over the eyeball in cm). The middle clears the cornea.
ROWS = ((-0.4, 0.13), (0.7, 0.06), (2.0, 0.0))


def tear_line(eye: Eye):
    """(vertices, triangles, targets without side) of the left eye's; it follows the lower lid."""
    t = np.linspace(FROM, TO, COLUMNS)
    _, edge, _ = lid_curves(eye, t)
    thick = smoothstep(0.0, 0.15, t) * (1 - 0.7 * smoothstep(0.8, 1.0, t))
    rows = [np.array(eye.centre) + (eye.ball_radius + out_cm)
            * eye_direction(lid_azimuth(eye, t), edge + (up if up < 0 else up * thick)) for up, out_cm in ROWS]
    tris = [tri for r in range(len(ROWS) - 1) for a in range(r * COLUMNS, (r + 1) * COLUMNS - 1)
            for tri in ([a, a + 1, a + COLUMNS + 1], [a, a + COLUMNS + 1, a + COLUMNS])]
    v, everywhere = np.vstack(rows), np.tile(t, len(ROWS))
    _, edge, shut = lid_curves(eye, everywhere)
    targets = {name: turn_lid(eye, v, lower(everywhere, edge, shut), np.ones(len(v))) for name, (_, lower) in LID_MOVES.items()}
    return v, np.array(tris), targets
