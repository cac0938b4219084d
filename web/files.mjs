import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';

/** The paths of all files below a folder, in order. */
export function filesOf(folder) {
  return readdirSync(folder, { recursive: true })
    .filter((file) => statSync(path.join(folder, file)).isFile())
    .sort();
}
