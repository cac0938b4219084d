// TalkingHead's own lip-sync, run without a page: its code turns timed words into keys of visemes
// and these into values at each frame; only the avatar, the scene and the loudspeaker are empty.
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';

import { fps, shapesOf } from './shapes.mjs';

/** Voices of the sentences whose language it has a module for. */
export const voices = {
  'espeak:en-us': 'en',
  'espeak:de': 'de',
  'espeak:fr-fr': 'fr',
  'espeak:fi': 'fi',
  'espeak:lt': 'lt',
};

const fftSize = 256;

/** The level of each band as an AnalyserNode of its settings gives it (Web Audio API, 1.8.6). */
function byteFrequencies(samples, end, bytes) {
  const [least_dB, most_dB] = [-70, -10];
  for (let k = 0; k < bytes.length; k++) {
    let [real, imaginary] = [0, 0];
    for (let i = 0; i < fftSize; i++) {
      const phase = (2 * Math.PI * i) / fftSize;
      const window = 0.42 - 0.5 * Math.cos(phase) + 0.08 * Math.cos(2 * phase);
      const sample = (samples[end - fftSize + i] ?? 0) * window;
      real += sample * Math.cos(k * phase);
      imaginary -= sample * Math.sin(k * phase);
    }
    const level_dB = 20 * Math.log10(Math.hypot(real, imaginary) / fftSize);
    bytes[k] = Math.max(0, Math.min(255, (255 * (level_dB - least_dB)) / (most_dB - least_dB)));
  }
}

export async function talkingHead(modules) {
  const folder = join(modules, '@met4citizen/talkinghead/modules');
  const load = (name) => import(pathToFileURL(name).href);
  const { TalkingHead } = await load(join(folder, 'talkinghead.mjs'));
  const { Object3D } = await load(join(modules, 'three/build/three.module.js'));
  const lipsync = {};
  for (const language of Object.values(voices)) {
    const module = await load(join(folder, `lipsync-${language}.mjs`));
    lipsync[language] = new module[`Lipsync${language[0].toUpperCase()}${language[1]}`]();
  }

  const sil = { sil: 0, PP: 0, FF: 0, TH: 0, DD: 0, kk: 0, CH: 0, SS: 0, nn: 0, RR: 0 };
  const visemes = Object.keys({ ...sil, aa: 0, E: 0, I: 0, O: 0, U: 0 });

  /** As its showAvatar makes them (1.7.0). */
  const target = (easing, influences, index) => ({
    ...{ fixed: null, realtime: null, system: null, systemd: null, newvalue: null, ref: null },
    ...{ min: 0, max: 1, easing, base: null, v: 0, needsUpdate: true, acc: 0.01 / 1000 },
    ...{ maxv: 5 / 1000, limit: null, onchange: null, baseline: 0, value: 0, applied: 0 },
    ...{ ms: [influences], is: [index] },
  });

  /** A head that has nothing but its visemes. */
  function emptyHead(sound, audioTime_s) {
    const head = Object.create(TalkingHead.prototype);
    const influences = new Float64Array(visemes.length + 1);
    const easing = head.sigmoidFactory(5);
    const mtAvatar = {};
    visemes.forEach((name, i) => {
      mtAvatar[`viseme_${name}`] = target(easing, influences, i);
    });
    // Its random twitches of the mouth go to a target that is never free for them.
    const never = target(easing, influences, visemes.length);
    Object.defineProperty(never, 'needsUpdate', { get: () => true, set() {} });
    mtAvatar.never = never;
    const node = () => new Object3D();
    Object.assign(head, {
      ...{ avatar: {}, opt: { modelFPS: 60 }, lipsync, mtAvatar, mtRandomized: ['never'] },
      ...{ speechQueue: [], startSpeaking: () => undefined, animQueue: [], animClock: 0 },
      ...{ isRunning: true, isAvatarOnly: true, isListening: false, isSpeaking: true },
      ...{ animSlowdownRate: 1, animFrameDur: 1000 / 60, stats: null, mixer: null },
      ...{ volumeFrequencyData: new Uint8Array(16), volumeHeadTarget: 0, volumeHeadCurrent: 0 },
      ...{ volumeHeadEasing: easing, volumeMax: 0, mood: { baseline: {} }, viewName: 'head' },
      ...{ updatePoseBase: () => undefined, updatePoseDelta: () => undefined },
      ...{ armature: node(), objectLeftToeBase: node(), objectRightToeBase: node() },
      ...{ objectHips: node(), dynamicbones: { update: () => undefined } },
    });
    head.audioAnalyzerNode = {
      getByteFrequencyData: (bytes) =>
        byteFrequencies(sound.samples, Math.round(audioTime_s() * sound.rate_hz), bytes),
    };
    return { head, influences };
  }

  /** Curves for a spoken sentence. */
  return ({ timeline, sound }) => {
    const words = timeline.words.filter(({ start_s, end_s }) => end_s > start_s);
    let audio_s = 0;
    const { head, influences } = emptyHead(sound, () => audio_s);
    head.speakAudio(
      {
        audio: [],
        words: words.map(({ text }) => text),
        wtimes: words.map(({ start_s }) => 1000 * start_s),
        wdurations: words.map(({ start_s, end_s }) => 1000 * (end_s - start_s)),
      },
      { lipsyncLang: voices[timeline.voice] },
    );
    const [{ anim = [] }] = head.speechQueue;
    // It delays the sound until the first key: so it runs on before it here.
    const begin_s = Math.min(0, ...anim.flatMap(({ ts }) => ts)) / 1000 - 0.1;
    head.animQueue = anim;
    const step_s = 1 / fps;
    const frames = [];
    const times = [];
    head.animClock = 1000 * begin_s;
    for (audio_s = begin_s + step_s; audio_s < timeline.duration_s + 0.3; audio_s += step_s) {
      head.animate(1000 * step_s);
      const shown = visemes.map((name, i) => [name, influences[i]]);
      times.push(audio_s);
      frames.push(shapesOf(Object.fromEntries(shown)));
    }
    return { times, frames };
  };
}
