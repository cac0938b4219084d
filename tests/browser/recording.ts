/** What happened on a page, on the sound device's clock. */
export interface Recording {
  sampleRate_hz: number;
  /** Every sample that went to the loudspeaker, with the index of the block's first frame. */
  blocks: { frame: number; samples: Float32Array }[];
  /** The words that captions marked, in order. */
  marked: string[];
  /** When Stop was clicked, in the AudioContext's time. */
  stopClicked_s: number | null;
}

declare global {
  var recording: Recording;
}

/**
 * Runs in the page before its scripts: listens in at the way to the loudspeaker, by a worklet, so
 * that a busy page loses no sample; and watches captions and the Stop button.
 */
export function recordPage(): void {
  const recording: Recording = {
    sampleRate_hz: 0,
    blocks: [],
    marked: [],
    stopClicked_s: null,
  };
  globalThis.recording = recording;
  let context: BaseAudioContext | null = null;

  const worklet = `registerProcessor('recorder', class extends AudioWorkletProcessor {
    process([input]) {
      const samples = input[0]?.slice() ?? new Float32Array(128);
      this.port.postMessage({ frame: currentFrame, samples });
      return true;
    }
  })`;
  const listen = async (node: AudioNode) => {
    context = node.context;
    recording.sampleRate_hz = context.sampleRate;
    const module = URL.createObjectURL(new Blob([worklet], { type: 'text/javascript' }));
    await context.audioWorklet.addModule(module);
    const recorder = new AudioWorkletNode(context, 'recorder', { numberOfOutputs: 0 });
    recorder.port.onmessage = ({ data }: MessageEvent<Recording['blocks'][0]>) => {
      recording.blocks.push(data);
    };
    node.connect(recorder);
  };
  // eslint-disable-next-line @typescript-eslint/unbound-method -- it is called on its own node
  const connect = AudioNode.prototype.connect as (this: AudioNode, ...args: unknown[]) => unknown;
  AudioNode.prototype.connect = function (this: AudioNode, ...args: unknown[]) {
    if (args[0] instanceof AudioDestinationNode) void listen(this);
    return connect.apply(this, args);
  } as typeof AudioNode.prototype.connect;

  addEventListener(
    'click',
    ({ target }) => {
      if (target instanceof Element && target.id === 'stop') {
        recording.stopClicked_s = context?.currentTime ?? null;
      }
    },
    { capture: true },
  );
  const mark = (word: string | null | undefined) => {
    if (word && word !== recording.marked.at(-1)) recording.marked.push(word);
  };
  // A busy page may mark two words before it tells of the first: its mark is then what was there.
  new MutationObserver((changes) => {
    for (const { target, oldValue } of changes) {
      if (oldValue?.split(' ').includes('now')) mark(target.textContent);
    }
    mark(document.querySelector('#captions .now')?.textContent);
  }).observe(document, {
    subtree: true,
    childList: true,
    attributeFilter: ['class'],
    attributeOldValue: true,
  });
}
