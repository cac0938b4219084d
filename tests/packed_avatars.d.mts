/** The tools' output by name: what each file is packed by, and a file of it in the folder. */
export function packedAvatars(plain: string, folder: string): Promise<Record<string, string>>;
