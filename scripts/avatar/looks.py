"""The family: six people by the proportions in which they differ from Vivi.

Cranium, eyes and their sockets are the same in all, so that hair fits every head, lids every eye, and glasses sit. Who
one is lies in jaw, chin, cheeks, nose, mouth, brows, ears, neck, and in the slant of the lids.
"""
from look import Brow, Ear, Eye, Fold, Lash, Look, Mouth, Neck, Nose, Skull

VIVI = Look("vivi")
SHORT_LASHES = Lash(thin_deg=0.9, swells_deg=2.0, thin_cm=0.05, swells_cm=0.11, flick=0.25)

TOM = Look(
    "tom",      # a broad jaw, a straight nose and strong level brows
    skull=Skull(face_radii=(7.25, 6.5, 6.6), jaw_angle=(3.6, -5.3, 2.0), jaw_angle_radius=2.35, jaw_front=(0.0, -7.0, 5.1), jaw_front_radius=1.9,
                chin=(0, -7.75, 6.5), chin_radii=(1.8, 1.3, 1.35), cheek=(3.8, -2.6, 4.0), cheek_radii=(2.6, 2.0, 2.5),
                brow_inner=(0.0, 3.3, 6.25), brow_outer=(4.6, 3.4, 4.5)),
    nose=Nose(bridge=(0, 0.2, 7.25), bridge_end=(0, -1.9, 8.4), tip=(0, -2.55, 8.65), tip_radii=(0.95, 0.82, 0.95),
              wing=(1.0, -2.75, 7.85), wing_radii=(0.50, 0.46, 0.62), nostril=(0.46, -3.3, 8.1), dent_cm=0.25),
    mouth=Mouth(half_width=2.45, upper_lip=0.48, lower_lip=0.60, corner_lift=0.30),
    neck=Neck(top_radius=3.3, foot_radius=3.5, shoulder_outer=(8.6, -14.8, -3.4), shoulder_radius=2.6,
              arm_top=(9.9, -16.0, -3.2), arm_end=(12.0, -31.0, -3.6)),
    ear=Ear(centre=(8.15, -1.45, -0.6), half_height=2.2, half_width=1.42, flare_deg=28.0),
    brow=Brow(((1.2, 3.25), (2.5, 3.65), (3.9, 3.95), (5.2, 3.8), (6.3, 3.1)), (0.33, 0.42, 0.40, 0.30, 0.05)),
    lash=SHORT_LASHES)

NIA = Look(
    "nia",      # high round cheeks, a soft broad nose, full lips
    skull=Skull(face_radii=(7.1, 6.3, 6.6), jaw_angle=(2.6, -4.7, 2.3), chin=(0, -7.15, 6.6), chin_radii=(1.15, 1.1, 1.25),
                cheek=(3.9, -2.3, 4.4), cheek_radii=(2.6, 2.1, 2.6), muzzle=(0, -4.95, 5.65)),
    nose=Nose(bridge_end=(0, -1.8, 7.85), tip=(0, -2.35, 8.35), tip_radii=(1.02, 0.78, 0.86), wing=(1.08, -2.6, 7.8),
              wing_radii=(0.54, 0.46, 0.60), nostril=(0.50, -3.1, 8.0), dent_cm=0.5),
    mouth=Mouth(half_width=2.35, upper_lip=0.74, lower_lip=0.84, corner_lift=0.36),
    eye=Eye(inner_elevation_deg=-4.5, outer_elevation_deg=5.4),
    ear=Ear(half_height=1.9, half_width=1.28),
    brow=Brow(((1.4, 3.65), (2.5, 4.12), (3.8, 4.45), (5.1, 4.25), (6.2, 3.4)), (0.24, 0.30, 0.28, 0.20, 0.03)))

KEN = Look(
    "ken",      # a long oval with a narrow chin, a low bridge and straight brows
    skull=Skull(face_radii=(7.1, 6.5, 6.5), jaw_angle=(2.9, -5.0, 2.2), jaw_angle_radius=2.15, jaw_front=(0.0, -6.95, 5.2), jaw_front_radius=1.6,
                chin=(0, -7.7, 6.55), chin_radii=(1.3, 1.2, 1.25), cheek=(3.9, -2.2, 4.0), cheek_radii=(2.6, 1.9, 2.4),
                brow_inner=(0.0, 3.4, 5.95)),
    nose=Nose(bridge=(0, -0.3, 6.9), bridge_end=(0, -1.9, 8.0), tip=(0, -2.45, 8.45), tip_radii=(0.92, 0.78, 0.86), wing=(0.96, -2.65, 7.75),
              nostril=(0.43, -3.2, 8.0), dent_cm=0.5),
    mouth=Mouth(half_width=2.25, upper_lip=0.48, lower_lip=0.60, corner_lift=0.34),
    neck=Neck(top_radius=3.05, foot_radius=3.2, shoulder_outer=(8.1, -14.9, -3.4), shoulder_radius=2.45,
              arm_top=(9.5, -16.0, -3.2), arm_end=(11.6, -31.0, -3.6)),
    eye=Eye(inner_elevation_deg=-5.0, outer_elevation_deg=6.0),
    brow=Brow(((1.35, 3.35), (2.6, 3.75), (3.9, 3.98), (5.1, 3.92), (6.2, 3.45)), (0.28, 0.35, 0.34, 0.25, 0.05)),
    lash=SHORT_LASHES)

ROSA = Look(
    "rosa",     # a heart: wide cheekbones over a pointed chin, a fine straight nose, a wide mouth
    skull=Skull(face_radii=(7.15, 6.4, 6.6), jaw_angle=(2.2, -4.6, 2.3), jaw_front=(0.0, -6.75, 5.25), jaw_front_radius=1.5,
                chin=(0, -7.6, 6.6), chin_radii=(1.05, 1.15, 1.2), cheek=(4.1, -2.1, 4.2), cheek_radii=(2.6, 1.9, 2.5)),
    nose=Nose(bridge=(0, 0.1, 7.15), bridge_end=(0, -1.8, 8.3), tip=(0, -2.4, 8.62), tip_radii=(0.76, 0.72, 0.88), wing=(0.80, -2.55, 7.85),
              wing_radii=(0.42, 0.42, 0.60), nostril=(0.38, -3.1, 8.15), dent_cm=0.3),
    mouth=Mouth(half_width=2.5, upper_lip=0.60, lower_lip=0.72, corner_lift=0.42),
    eye=Eye(inner_elevation_deg=-5.0, outer_elevation_deg=6.0),
    brow=Brow(((1.4, 3.75), (2.6, 4.15), (3.9, 4.45), (5.2, 4.25), (6.3, 3.4)), (0.25, 0.31, 0.28, 0.20, 0.03)))

OTTO = Look(
    "otto",     # sixty: a full nose, heavy cheeks and lobes, bushy brows, thinner lips
    skull=Skull(face_radii=(7.45, 6.5, 6.6), face=(0, -1.6, 1.3), jaw_angle=(3.3, -5.2, 2.2), jaw_angle_radius=2.5, jaw_front=(0.0, -6.8, 5.1),
                jaw_front_radius=1.85, chin=(0, -7.4, 6.4), chin_radii=(1.5, 1.2, 1.3), cheek=(4.0, -3.1, 4.1), cheek_radii=(2.7, 2.2, 2.6),
                brow_inner=(0.0, 3.3, 6.15), brow_outer=(4.6, 3.4, 4.45)),
    nose=Nose(bridge=(0, 0.1, 7.2), bridge_end=(0, -1.9, 8.4), tip=(0, -2.65, 8.75), tip_radii=(1.12, 0.92, 1.0), wing=(1.12, -2.8, 7.9),
              wing_radii=(0.56, 0.5, 0.65), nostril=(0.5, -3.45, 8.2), dent_cm=0.25),
    mouth=Mouth(half_width=2.35, upper_lip=0.46, lower_lip=0.58, corner_lift=0.34),
    neck=Neck(top_radius=3.3, foot_radius=3.5, shoulder_outer=(8.3, -15.0, -3.4), shoulder_radius=2.6, chest_radii=(9.8, 8.5, 5.9),
              arm_top=(9.7, -16.2, -3.2), arm_end=(12.0, -31.0, -3.6)),
    eye=Eye(inner_elevation_deg=-3.0, outer_elevation_deg=2.0),
    ear=Ear(centre=(8.2, -1.55, -0.6), half_height=2.5, half_width=1.5, flare_deg=30.0),
    brow=Brow(((1.25, 3.65), (2.5, 4.0), (3.9, 4.15), (5.2, 3.8), (6.4, 2.9)), (0.36, 0.46, 0.46, 0.36, 0.08)),
    folds=(Fold(((1.35, -2.9, 8.0), (2.3, -3.8, 7.6), (2.95, -4.9, 7.0)), 0.45, 0.20),          # nose to mouth
           Fold(((1.8, -3.6, 7.6), (3.4, -4.2, 7.3), (5.2, -3.6, 6.3)), 0.5, 0.16),              # below the bags of the eyes
           Fold(((0.0, 5.7, 7.6), (2.8, 5.75, 7.1)), 0.4, 0.07)),                                 # forehead
    lash=SHORT_LASHES)

LOOKS = (VIVI, TOM, NIA, KEN, ROSA, OTTO)
