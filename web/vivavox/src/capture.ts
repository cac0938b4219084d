import { captureName } from './capture_processor.js';
import { VivavoxError } from './errors.js';

/** Sound that is on its way elsewhere: a microphone's, a call's, or what passes a node. */
export type LiveSound = MediaStream | AudioNode;

/** Live sound as samples. */
export interface Capture {
  /** Gives pieces of mono samples. */
  port: MessagePort;
  sampleRate_hz: number;
  stop(): void;
}

/** A script is added once to a context. */
const added = new WeakMap<BaseAudioContext, Promise<void>>();

/**
 * Taps live sound; it is not changed, and nothing of it is played.
 * @param context for a stream; a node has its own
 * @throws VivavoxError `invalid_argument` for a stream without sound; `unavailable`
 */
export async function captureOf(
  source: LiveSound,
  context: () => AudioContext,
  workerUrl: URL,
): Promise<Capture> {
  const isNode = source instanceof AudioNode;
  if (!isNode && source.getAudioTracks().length === 0) {
    throw new VivavoxError('invalid_argument', 'This MediaStream has no sound: give it a track.');
  }
  const at: BaseAudioContext = isNode ? source.context : context();
  await addScript(at, workerUrl);
  const tap = new AudioWorkletNode(at, captureName, { numberOfOutputs: 1 });
  const heard = isNode ? source : (at as AudioContext).createMediaStreamSource(source);
  heard.connect(tap);
  // What leads nowhere is not computed; the tap itself is silent.
  tap.connect(at.destination);
  const { port1, port2 } = new MessageChannel();
  tap.port.postMessage(port2, [port2]);
  return {
    port: port1,
    sampleRate_hz: at.sampleRate,
    stop() {
      tap.port.postMessage(null);
      tap.disconnect();
      try {
        heard.disconnect(tap);
      } catch {
        // The app has done so already.
      }
    },
  };
}

async function addScript(context: BaseAudioContext, url: URL): Promise<void> {
  let adding = added.get(context);
  if (!adding) {
    // Missing where a page is not secure.
    const worklet = context.audioWorklet as AudioWorklet | undefined;
    if (!worklet) {
      throw new VivavoxError(
        'unavailable',
        'This browser taps no live sound here: serve the page by HTTPS.',
      );
    }
    adding = worklet.addModule(url);
    added.set(context, adding);
  }
  try {
    await adding;
  } catch (cause) {
    added.delete(context);
    throw new VivavoxError(
      'unavailable',
      `The script that taps live sound could not start from ${url.href}: allow it in script-src ` +
        'of the Content-Security-Policy, or say where it is.',
      { cause },
    );
  }
}
