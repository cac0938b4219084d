/** The tools' output by name: what each file is packed by, and a file of it in the folder. */
export function packedAvatars(plain: string, folder: string): Promise<Record<string, string>>;
/** Writes a copy whose textures are AVIF, nearly as they were, with this alpha everywhere. */
export function avifAvatar(plain: string, to: string, alpha: number): Promise<void>;
