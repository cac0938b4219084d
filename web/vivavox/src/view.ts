import { VivavoxError } from './errors.js';
import type { Shot } from './scene.js';

/** Where the camera stands. What is left out is as in `bust`. */
export interface CameraView {
  /** Around the head, -180 to 180; positive to the face's left, the picture's right. */
  yaw_deg?: number;
  /** Above the middle of the picture, -60 to 60. */
  pitch_deg?: number;
  /** How much is shown from top to bottom, in heads: 0.5 to 10. */
  height?: number;
  /** The picture's middle above the head's, in heads: -4 to 2. */
  centre?: number;
}

/** What of the avatar is shown: head and shoulders, the head, all that there is of it, or as said. */
export type View = 'bust' | 'head' | 'full' | CameraView;

const bust: Shot = { yaw_deg: 0, pitch_deg: 2.2906, height: 1.58, centre: -0.08, fit: 'hair' };
const named = {
  bust,
  head: { ...bust, height: 1.25, centre: 0, fit: 'exact' },
  full: { ...bust, fit: 'figure' },
} as const satisfies Record<string, Shot>;

const ranges = {
  yaw_deg: [-180, 180],
  pitch_deg: [-60, 60],
  height: [0.5, 10],
  centre: [-4, 2],
} as const;

/** @throws VivavoxError `invalid_argument` for a value out of range */
export function shotOf(view: View): Shot {
  if (typeof view === 'string' && Object.hasOwn(named, view)) return named[view];
  if (typeof view !== 'object') {
    throw new VivavoxError('invalid_argument', 'view must be head, bust, full or camera values');
  }
  const isExact = view.height !== undefined || view.centre !== undefined;
  const shot: Shot = { ...bust, ...view, fit: isExact ? 'exact' : 'hair' };
  for (const [name, [least, most]] of Object.entries(ranges)) {
    const value = shot[name as keyof typeof ranges];
    if (!(value >= least && value <= most)) {
      throw new VivavoxError('invalid_argument', `view.${name} must be from ${least} to ${most}`);
    }
  }
  return shot;
}
