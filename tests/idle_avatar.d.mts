/** Writes a copy of Vivi with clips: "Breathing Idle", and "Dance" by half a radian to each side. */
export function idleAvatar(plain: string, to: string): Promise<void>;
