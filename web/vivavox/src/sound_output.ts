import { heardAt_s, wallTime_ms, type ClockReading } from './clock.js';
import { VivavoxError } from './errors.js';

/** How long the system may take the sound away before what is said is given up. */
const interruption_ms = 10_000;

/** The most that a sound device is late: wireless ones take a third of a second. */
export const mostLatency_s = 2;

/** The way to the loudspeaker, and the clock that the face follows. */
export class SoundOutput {
  readonly context: AudioContext;
  /** All sound passes through here. */
  readonly node: GainNode;
  readonly #listeners = new Set<() => void>();

  /** @throws VivavoxError `unavailable` where the browser has no sound device for one more page */
  constructor() {
    try {
      this.context = new AudioContext({ latencyHint: 'interactive' });
    } catch (cause) {
      throw new VivavoxError('unavailable', 'This browser gives no sound: close other pages.', {
        cause,
      });
    }
    this.node = this.context.createGain();
    this.node.connect(this.context.destination);
    this.context.onstatechange = () => {
      for (const listener of this.#listeners) listener();
    };
  }

  /** Louder or quieter without a click. */
  setVolume(volume: number): void {
    this.node.gain.setTargetAtTime(volume, this.context.currentTime, 0.01);
  }

  /**
   * Starts the sound device.
   * @throws VivavoxError `audio_blocked` where the browser waits for a click or key first,
   * `unavailable` where the page was used and the device does not start
   */
  async start(): Promise<void> {
    if (this.isRunning()) return;
    const started = this.context.resume().catch(() => undefined);
    // Without a click or key so far, resume() may stay pending for ever; with one, it is just slow.
    const { userActivation } = navigator as Partial<Navigator>;
    const wasUsed = userActivation?.hasBeenActive;
    const patience_ms = (wasUsed ?? true) ? 10_000 : 1_000;
    await within(started, patience_ms);
    if (this.isRunning()) return;
    throw wasUsed
      ? new VivavoxError('unavailable', 'The sound device does not start: see that there is one.')
      : new VivavoxError(
          'audio_blocked',
          'The browser keeps sound off until the page is used: call speak() from a click or a key press.',
        );
  }

  /**
   * Waits until the system has taken the sound away (a call, a locked screen) and not given it
   * back for ten seconds, and rejects then; never resolves.
   * @throws VivavoxError `audio_interrupted`
   */
  async untilLost(signal: AbortSignal): Promise<never> {
    return new Promise((_, reject) => {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const watch = () => {
        clearTimeout(timer);
        timer = undefined;
        if (this.isRunning() || signal.aborted) return;
        // Some systems give it back only when asked.
        void this.context.resume().catch(() => undefined);
        timer = setTimeout(() => {
          reject(
            new VivavoxError(
              'audio_interrupted',
              'The system took the sound away while something was said: call speak() again.',
            ),
          );
        }, interruption_ms);
      };
      this.#listeners.add(watch);
      signal.addEventListener('abort', () => {
        clearTimeout(timer);
        this.#listeners.delete(watch);
      });
      watch();
    });
  }

  /** Tells when the device starts, stops or is taken away. Returns how to end that. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** What is heard now. */
  reading(): ClockReading {
    const { context } = this;
    const isRunning = this.isRunning();
    const stamp = isRunning ? credibleStamp(context) : null;
    if (stamp) {
      return {
        context_s: stamp.contextTime,
        wall_ms: performance.timeOrigin + stamp.performanceTime,
        isRunning,
      };
    }
    // Not every browser has all of these.
    const { outputLatency, baseLatency } = context as Partial<AudioContext>;
    const latency_s = outputLatency ?? baseLatency ?? 0;
    return {
      context_s: Math.max(0, context.currentTime - latency_s),
      wall_ms: wallTime_ms(),
      isRunning,
    };
  }

  /** How long after its rendering sound is heard. */
  latency_s(): number {
    return Math.max(0, this.context.currentTime - heardAt_s(this.reading(), wallTime_ms()));
  }

  isRunning(): boolean {
    return this.context.state === 'running';
  }

  dispose(): void {
    this.context.onstatechange = null;
    this.#listeners.clear();
    this.node.disconnect();
    void this.context.close().catch(() => undefined);
  }
}

/** What the device says is heard; null where it says nothing, or what cannot be. */
function credibleStamp(
  context: AudioContext,
): { contextTime: number; performanceTime: number } | null {
  if (!('getOutputTimestamp' in context)) return null;
  const { contextTime, performanceTime } = context.getOutputTimestamp();
  if (!contextTime || !performanceTime) return null;
  // WebKitGTK 2.52 adds the time since the device's start to the page's: it is not to come yet.
  const age_s = (performance.now() - performanceTime) / 1000;
  return age_s > -0.1 && age_s < mostLatency_s ? { contextTime, performanceTime } : null;
}

async function within(promise: Promise<void>, limit_ms: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<void>((resolve) => (timer = setTimeout(resolve, limit_ms)));
  await Promise.race([promise, limit]);
  clearTimeout(timer);
}
