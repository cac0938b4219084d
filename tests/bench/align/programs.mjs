// Other programs, a few at once.
import { execFile, execFileSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { promisify } from 'node:util';

const most_bytes = 1 << 28;

/** What a program prints, as bytes. */
export const output = (program, args, options = {}) =>
  execFileSync(program, args, { maxBuffer: most_bytes, ...options });

const execute = promisify(execFile);

/** Runs a program to its end; its exit status and what it said on standard error. */
export async function run(program, args, options = {}) {
  try {
    const { stderr } = await execute(program, args, { maxBuffer: most_bytes, ...options });
    return { status: 0, stderr };
  } catch (error) {
    if (typeof error.code !== 'number') throw error;
    return { status: error.code, stderr: error.stderr };
  }
}

/** `work` for each item, as many at once as there are processors. */
export async function forEach(items, work) {
  const results = new Array(items.length);
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const at = next++;
      results[at] = await work(items[at], at);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return results;
}
