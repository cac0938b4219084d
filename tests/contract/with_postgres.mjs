// Runs a program with an empty PostgreSQL database: with_postgres.mjs PROGRAM…
import { spawnSync } from 'node:child_process';

import { startPostgres } from './service.mjs';

const postgres = await startPostgres();
const [program, ...args] = process.argv.slice(2);
const { status } = spawnSync(program, args, {
  stdio: 'inherit',
  env: { ...process.env, VIVAVOX_TEST_POSTGRES: await postgres.database() },
});
await postgres.stop();
process.exitCode = status ?? 1;
