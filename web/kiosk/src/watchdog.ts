/** Something that answers as long as it runs. */
export interface Watched {
  name: string;
  ask: () => Promise<unknown>;
}

const period_ms = 500;
/** How long an answer may take: so many times the slowest one so far, within these bounds. */
const tolerance = 4;
const leastPatience_ms = 3000;
const mostPatience_ms = 10_000;

/**
 * Asks over and over, until the signal, and tells once who does not answer any more. The slower a
 * machine is, the longer it waits; a machine that slept has not been silent.
 */
export async function watch(
  { name, ask }: Watched,
  onSilence: (name: string) => void,
  signal: AbortSignal,
): Promise<void> {
  let slowest_ms = 0;
  for (;;) {
    await after(period_ms);
    if (signal.aborted) return;
    const patience_ms = Math.min(
      mostPatience_ms,
      Math.max(leastPatience_ms, tolerance * slowest_ms),
    );
    const begun_ms = performance.now();
    const hasAnswered = await Promise.race([answered(ask), after(patience_ms).then(() => false)]);
    const took_ms = performance.now() - begun_ms;
    if (hasAnswered) slowest_ms = Math.max(slowest_ms, took_ms);
    // Timers that come late tell of a page that stood still itself.
    else if (took_ms < patience_ms + period_ms) {
      onSilence(name);
      return;
    }
  }
}

/** Whatever it says, it is there. */
function answered(ask: () => Promise<unknown>): Promise<boolean> {
  return ask().then(
    () => true,
    () => true,
  );
}

function after(time_ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, time_ms));
}
