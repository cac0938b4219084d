import type { CanvasSurface } from './canvas_surface.js';
import { VivavoxError } from './errors.js';
import { mostLatency_s, type SoundOutput } from './sound_output.js';

/** A smaller change of the latency is not worth the bent tone. */
const audible_s = 0.02;

/** How to record. */
export interface RecordOptions {
  /** Frames a second, 1 to 60; 30 by default. */
  frameRate?: number;
  /** A type that MediaRecorder knows; WebM by default. */
  mimeType?: string;
}

/** A film being made. */
export interface Recording {
  /** Ends it, and gives the film. */
  stop(): Promise<Blob>;
}

/**
 * Records what a canvas shows together with a sound.
 * @param signal ends the recording where its stop() did not
 * @throws VivavoxError `invalid_argument`; `unavailable` where the browser cannot record that type
 */
export function record(
  surface: CanvasSurface,
  sound: SoundOutput,
  signal: AbortSignal,
  { frameRate = 30, mimeType = 'video/webm' }: RecordOptions,
): Recording {
  if (!(frameRate >= 1 && frameRate <= 60)) {
    throw new VivavoxError('invalid_argument', 'frameRate must be from 1 to 60');
  }
  const tracks = new MediaStreamAudioDestinationNode(sound.context);
  // The canvas shows what is heard, and that is late by the device's latency; so is the film's sound.
  const delay = new DelayNode(sound.context, {
    maxDelayTime: mostLatency_s,
    delayTime: sound.latency_s(),
  });
  delay.connect(tracks);
  const followLatency = () => {
    const latency_s = sound.latency_s();
    if (Math.abs(latency_s - delay.delayTime.value) > audible_s) delay.delayTime.value = latency_s;
  };
  let recorder: MediaRecorder;
  let picture: MediaStream;
  const copy = copyOf(surface);
  copy.draw();
  try {
    picture = copy.canvas.captureStream(frameRate);
    const stream = new MediaStream([...picture.getTracks(), ...tracks.stream.getTracks()]);
    recorder = new MediaRecorder(stream, { mimeType });
    recorder.start(1000);
  } catch (cause) {
    throw new VivavoxError('unavailable', `This browser does not record ${mimeType}.`, { cause });
  }
  sound.node.connect(delay);
  // Also while no new picture comes: a film needs some after its start.
  const drawing = setInterval(() => {
    copy.draw();
    followLatency();
  }, 1000 / frameRate);
  const end = () => {
    if (recorder.state !== 'inactive') recorder.stop();
  };
  signal.addEventListener('abort', end, { once: true });
  const parts: Blob[] = [];
  const film = new Promise<Blob>((resolve, reject) => {
    recorder.ondataavailable = ({ data }) => parts.push(data);
    recorder.onerror = () => {
      reject(new VivavoxError('encoder_failed', 'The browser could not record on.'));
    };
    recorder.onstop = () => {
      clearInterval(drawing);
      signal.removeEventListener('abort', end);
      disconnect(sound.node, delay);
      for (const track of picture.getTracks()) track.stop();
      resolve(new Blob(parts, { type: mimeType }));
    };
  });
  // Who never asks for the film is not told that there is none.
  film.catch(() => undefined);
  return {
    stop() {
      end();
      return film;
    },
  };
}

function disconnect(from: AudioNode, to: AudioNode): void {
  try {
    from.disconnect(to);
  } catch {
    // Already: a disposed avatar's sound is connected to nothing.
  }
}

/** A canvas that takes whole pictures gives a film none of them: a copy is drawn anew each time. */
function copyOf(surface: CanvasSurface): { canvas: HTMLCanvasElement; draw: () => void } {
  const canvas = document.createElement('canvas');
  Object.assign(canvas, surface.size_px());
  const context = canvas.getContext('2d');
  const draw = () => {
    context?.clearRect(0, 0, canvas.width, canvas.height);
    context?.drawImage(surface.canvas, 0, 0, canvas.width, canvas.height);
  };
  return { canvas, draw };
}
