/** Writes a copy of Vivi with the traits hair, top, cheeks and topColor, and the looks vivi and bald. */
export function traitAvatar(vivi: string, to: string): void;
