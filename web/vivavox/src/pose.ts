/**
 * A pose as the engine writes it: 52 weights, then head, neck and both eyes, three angles each, then
 * how far the tongue's tip and back are up, and the breath.
 */
export type Pose = Float32Array;

const weights = 52;
const joints = 4;
const tongue = 2;
const breath = 1;
export const poseLength = weights + joints * 3 + tongue + breath;
const headAndNeck = { begin: weights, end: weights + 6 };

export function createPose(): Pose {
  return new Float32Array(poseLength);
}

/** Moves `pose` towards `from`: amount 1 is `from`, 0 leaves it. The angles are small: they mix like weights. */
export function mix(pose: Pose, from: Pose, amount: number): void {
  for (let i = 0; i < poseLength; i++) {
    const own = pose[i] ?? 0;
    pose[i] = own + ((from[i] ?? 0) - own) * amount;
  }
}

/** Scales the turns of head and neck, and the breath. */
export function scaleBodyMotion(pose: Pose, factor: number): void {
  for (let i = headAndNeck.begin; i < headAndNeck.end; i++) pose[i] = (pose[i] ?? 0) * factor;
  pose[poseLength - 1] = (pose[poseLength - 1] ?? 0) * factor;
}
