import { VivavoxError } from './errors.js';

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
 * @throws VivavoxError `unavailable` where the browser cannot record that type
 */
export function record(
  canvas: HTMLCanvasElement,
  sound: AudioNode,
  { frameRate = 30, mimeType = 'video/webm' }: RecordOptions,
): Recording {
  const tracks = new MediaStreamAudioDestinationNode(sound.context as AudioContext);
  sound.connect(tracks);
  let recorder: MediaRecorder;
  let picture: MediaStream;
  try {
    picture = canvas.captureStream(frameRate);
    const stream = new MediaStream([...picture.getTracks(), ...tracks.stream.getTracks()]);
    recorder = new MediaRecorder(stream, { mimeType });
    recorder.start(1000);
  } catch (cause) {
    sound.disconnect(tracks);
    throw new VivavoxError('unavailable', `This browser does not record ${mimeType}.`, { cause });
  }
  const parts: Blob[] = [];
  const film = new Promise<Blob>((resolve, reject) => {
    recorder.ondataavailable = ({ data }) => parts.push(data);
    recorder.onerror = () => {
      reject(new VivavoxError('encoder_failed', 'The browser could not record on.'));
    };
    recorder.onstop = () => {
      sound.disconnect(tracks);
      for (const track of picture.getTracks()) track.stop();
      resolve(new Blob(parts, { type: mimeType }));
    };
  });
  return {
    stop() {
      if (recorder.state !== 'inactive') recorder.stop();
      return film;
    },
  };
}
