import { VivavoxError } from './errors.js';

/** The way to the loudspeaker, and the clock that the face follows. */
export class SoundOutput {
  readonly context = new AudioContext({ latencyHint: 'interactive' });
  /** All sound passes through here. */
  readonly node: GainNode = this.context.createGain();

  constructor() {
    this.node.connect(this.context.destination);
  }

  /**
   * Starts the sound device.
   * @throws VivavoxError `audio_blocked` where the browser waits for a click or key first
   */
  async start(): Promise<void> {
    if (this.context.state === 'running') return;
    const started = this.context.resume();
    // Without a click or key so far, resume() may stay pending for ever; with one, it is just slow.
    const patience_ms = navigator.userActivation.hasBeenActive ? 10_000 : 1_000;
    const timeout = new Promise((resolve) => setTimeout(resolve, patience_ms));
    await Promise.race([started, timeout]);
    if (!this.#runs()) {
      throw new VivavoxError(
        'audio_blocked',
        'The browser keeps sound off until the page is used: call speak() from a click or a key press.',
      );
    }
  }

  /** The moment of `context`'s time that is being heard now, in seconds. */
  audibleTime_s(): number {
    const { context } = this;
    const { contextTime, performanceTime } = context.getOutputTimestamp();
    if (!contextTime || !performanceTime) return context.currentTime - context.outputLatency;
    const since_s = (performance.now() - performanceTime) / 1000;
    return Math.min(contextTime + since_s, context.currentTime);
  }

  dispose(): void {
    void this.context.close();
  }

  // A method, so that the compiler does not take the state before an await for the state after it.
  #runs(): boolean {
    return this.context.state === 'running';
  }
}
