import { Avatar, moods, VivavoxError, type Mood, type Progress } from 'vivavox';
import { createSpeech, type Speech } from 'vivavox-speech';
import { Captions } from './captions.js';
import { LookPanel } from './look_panel.js';
import { Microphone } from './microphone.js';
import { element } from './page.js';
import { ProgressBar } from './progress_bar.js';
import { Updates } from './updates.js';
import { VoicePicker } from './voice_picker.js';

const form = element('form', HTMLFormElement);
const text = element('text', HTMLTextAreaElement);
const speakButton = element('speak', HTMLButtonElement);
const stopButton = element('stop', HTMLButtonElement);
const followButton = element('follow', HTMLButtonElement);
const mood = element('mood', HTMLSelectElement);
const rate = element('rate', HTMLInputElement);
const rateValue = element('rate-value', HTMLOutputElement);
const problem = element('problem', HTMLElement);
const captions = new Captions(element('captions', HTMLElement));
const progressBar = new ProgressBar(element('loading', HTMLElement));

mood.append(...moods.map((name) => new Option(capitalised(name), name)));

function capitalised(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

const onProgress = (progress: Progress) => {
  progressBar.show(progress);
};

/** Runs what a person asked for; what goes wrong becomes one line on the page. */
async function attempt(action: () => unknown): Promise<void> {
  problem.hidden = true;
  try {
    await action();
  } catch (error) {
    problem.textContent = VivavoxError.from(error).message;
    problem.hidden = false;
  }
}

function stageColor(): string {
  const style = getComputedStyle(element('stage', HTMLElement));
  const [, r = 0, g = 0, b = 0] = /(\d+)\D+(\d+)\D+(\d+)/.exec(style.backgroundColor) ?? [];
  return `#${[r, g, b].map((part) => Number(part).toString(16).padStart(2, '0')).join('')}`;
}

async function speak(avatar: Avatar, voices: VoicePicker): Promise<void> {
  stopButton.disabled = false;
  const spoken = text.value;
  captions.begin(spoken);
  try {
    await avatar.speak(spoken, { voice: voices.voice, rate: rate.valueAsNumber });
  } finally {
    if (!avatar.speaking) {
      stopButton.disabled = true;
      captions.clear();
    }
  }
}

function listen(avatar: Avatar, voices: VoicePicker): void {
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void attempt(() => speak(avatar, voices));
  });
  stopButton.addEventListener('click', () => {
    avatar.stop();
  });
  const microphone = new Microphone(followButton, avatar);
  followButton.addEventListener('click', () => {
    void attempt(() => microphone.toggle());
  });
  text.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  mood.addEventListener('change', () => {
    void attempt(() => {
      avatar.mood = mood.value as Mood;
    });
  });
  rate.addEventListener('input', () => {
    rateValue.value = `${rate.valueAsNumber}×`;
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
    avatar.background = stageColor();
  });
  avatar.addEventListener('word', ({ detail }) => {
    captions.showWord(detail);
  });
  avatar.addEventListener('error', ({ detail }) => {
    void attempt(() => {
      throw detail;
    });
  });
}

async function start(): Promise<void> {
  const speech: Promise<Speech> = createSpeech({
    onProgress,
    onnxRuntime: new URL('ort-wasm-simd-threaded.wasm', document.baseURI),
  });
  const avatar = await Avatar.create(element('face', HTMLCanvasElement), {
    speech,
    avatar: new URL('vivavox/family.glb', document.baseURI),
    background: stageColor(),
    onProgress,
  });
  avatar.canvas.classList.add('ready');
  await new LookPanel(element('look', HTMLElement), avatar, attempt).fill();
  const voices = new VoicePicker(await speech, attempt);
  listen(avatar, voices);
  speakButton.disabled = false;
  // What the first word needs, while the person still types.
  await voices.prepare();
  progressBar.finish();
}

await attempt(start);
const updates = await Updates.begin('service_worker.js');
// Before anything is said; later it would be noticed.
updates?.takeUp();
