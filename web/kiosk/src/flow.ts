import type { Mood } from 'vivavox';
import type { Answer, Item, KioskFile } from './kiosk_file.js';
import type { Language } from './language.js';

/** Where in its conversation a kiosk is. `path` leads into the menu, by places in its lists. */
export type Scene =
  | { readonly name: 'attract'; readonly line: number }
  | { readonly name: 'greeting' }
  | { readonly name: 'menu'; readonly path: readonly number[] }
  | { readonly name: 'answer'; readonly path: readonly number[] }
  | { readonly name: 'goodbye' };

/** The whole state of a kiosk. */
export interface Moment {
  readonly scene: Scene;
  /** The code of the language in use. */
  readonly language: string;
  /** Whether the greeting was said within the opening hours. */
  readonly isOpen: boolean;
}

/** What happens to a kiosk. */
export type Happening =
  /** Somebody is there. */
  | { type: 'touch'; isOpen: boolean }
  | { type: 'language'; code: string; isOpen: boolean }
  /** The button of that place in the menu. */
  | { type: 'choose'; place: number }
  | { type: 'back' }
  /** What the scene says was said, or could not be. */
  | { type: 'said' }
  /** An answer has stayed long enough. */
  | { type: 'linger' }
  /** Nobody has done anything for a while. */
  | { type: 'idle' }
  /** The next line while nobody is there. */
  | { type: 'turn' };

/** What a scene says, and how. */
export interface Said {
  text: string;
  mood: Mood | null;
}

/** Where a kiosk begins, and comes back to. */
export function begin({ languages }: KioskFile): Moment {
  return { scene: { name: 'attract', line: 0 }, language: languages[0].code, isOpen: true };
}

/** What comes of it; the same moment where that is nothing. */
export function next(kiosk: KioskFile, now: Moment, happening: Happening): Moment {
  const to = (scene: Scene): Moment => ({ ...now, scene });
  const { scene } = now;
  switch (happening.type) {
    case 'touch':
      if (scene.name !== 'attract' && scene.name !== 'goodbye') return now;
      return { ...now, scene: { name: 'greeting' }, isOpen: happening.isOpen };
    case 'language':
      return spokenIn(now, happening);
    case 'choose':
      return chosen(kiosk, now, happening.place);
    case 'back':
      return above(kiosk, now);
    case 'said':
      if (scene.name === 'greeting') return to({ name: 'menu', path: [] });
      return scene.name === 'goodbye' ? begin(kiosk) : now;
    case 'linger':
      return scene.name === 'answer' ? above(kiosk, now) : now;
    case 'idle':
      if (scene.name === 'attract') return now;
      if (scene.name === 'goodbye' || !kiosk.goodbye) return begin(kiosk);
      return to({ name: 'goodbye' });
    case 'turn':
      if (scene.name !== 'attract' || kiosk.attract.lines.length === 0) return now;
      return to({ name: 'attract', line: (scene.line + 1) % kiosk.attract.lines.length });
  }
}

/** What is said as the moment begins; null for nothing. */
export function saidAt(kiosk: KioskFile, { scene, language, isOpen }: Moment): Said | null {
  const say = (texts: Readonly<Record<string, string>> | null | undefined, mood: Mood | null) => {
    const text = texts?.[language];
    return text === undefined ? null : { text, mood };
  };
  switch (scene.name) {
    case 'attract':
      return kiosk.attract.isSaid ? say(kiosk.attract.lines[scene.line], null) : null;
    case 'greeting':
      return say(isOpen ? kiosk.greeting : (kiosk.hours?.closed ?? kiosk.greeting), null);
    case 'menu':
      return null;
    case 'answer': {
      const answer = answerAt(kiosk, scene.path);
      return say(answer?.text, answer?.mood ?? null);
    }
    case 'goodbye':
      return say(kiosk.goodbye, null);
  }
}

/** The language in use. */
export function languageAt({ languages }: KioskFile, { language }: Moment): Language {
  return languages.find(({ code }) => code === language) ?? languages[0];
}

/** The item that a path leads to; null for the menu itself. */
export function itemAt({ menu }: KioskFile, path: readonly number[]): Item | null {
  let items = menu;
  let found: Item | null = null;
  for (const place of path) {
    found = items[place] ?? null;
    items = found?.items ?? [];
  }
  return found;
}

/** What can be chosen where a path leads to. */
export function itemsAt(kiosk: KioskFile, path: readonly number[]): readonly Item[] {
  return path.length === 0 ? kiosk.menu : (itemAt(kiosk, path)?.items ?? []);
}

/** The answer that a path leads to. */
export function answerAt(kiosk: KioskFile, path: readonly number[]): Answer | null {
  return itemAt(kiosk, path)?.answer ?? null;
}

/** Another language: what was said last is said in it; who is greeted by it begins. */
function spokenIn(now: Moment, { code, isOpen }: { code: string; isOpen: boolean }): Moment {
  const { name } = now.scene;
  if (name === 'attract' || name === 'goodbye') {
    return { language: code, isOpen, scene: { name: 'greeting' } };
  }
  return { ...now, language: code };
}

function chosen(kiosk: KioskFile, now: Moment, place: number): Moment {
  const { scene } = now;
  if (scene.name !== 'menu' && scene.name !== 'greeting') return now;
  const path = [...(scene.name === 'menu' ? scene.path : []), place];
  const item = itemAt(kiosk, path);
  if (!item) return now;
  return { ...now, scene: { name: item.answer ? 'answer' : 'menu', path } };
}

function above(kiosk: KioskFile, now: Moment): Moment {
  const { scene } = now;
  const isInMenu = scene.name === 'answer' || (scene.name === 'menu' && scene.path.length > 0);
  if (isInMenu) return { ...now, scene: { name: 'menu', path: scene.path.slice(0, -1) } };
  return scene.name === 'attract' ? now : begin(kiosk);
}
