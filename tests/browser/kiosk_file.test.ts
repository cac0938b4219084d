// What a kiosk file may say, what is told of one that is wrong, and the way of a conversation.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { begin, next, saidAt, type Happening, type Moment } from '../../web/kiosk/src/flow.js';
import { KioskFileError } from '../../web/kiosk/src/kiosk_file_error.js';
import { readKioskFile, type KioskFile } from '../../web/kiosk/src/kiosk_file.js';
import { isOpenAt } from '../../web/kiosk/src/opening_hours.js';

const hasVoice = (voice: string) => /^espeak:(en-us|de|ar|he|cmn)$/.test(voice);

const desk = `
title: { en: Desk, ar: مكتب }
languages:
  - { code: en, label: English }
  - { code: ar, label: العربية }
attract:
  say: true
  lines:
    - { en: One., ar: واحد. }
    - { en: Two., ar: اثنان. }
greeting: { en: Hello., ar: مرحبا. }
goodbye: { en: Bye., ar: وداعا. }
hours:
  mon: 08:00-12:00, 13:00-24:00
  closed: { en: Closed., ar: مغلق. }
menu:
  - label: { en: Where?, ar: أين؟ }
    items:
      - label: { en: Lift, ar: مصعد }
        answer: { text: { en: Right., ar: يمين. }, mood: happy }
  - label: { en: Who?, ar: من؟ }
    answer: { text: { en: Me., ar: أنا. } }
`;

function read(text: string): KioskFile {
  return readKioskFile(text, hasVoice);
}

/** What is told of a file. */
function complaint(text: string): string {
  try {
    read(text);
  } catch (error) {
    if (error instanceof KioskFileError) return error.message;
    throw error;
  }
  return 'it was read';
}

/** The moment that comes of this, one after the other. */
function after(kiosk: KioskFile, ...happenings: Happening[]): Moment {
  return happenings.reduce((moment, one) => next(kiosk, moment, one), begin(kiosk));
}

describe('a kiosk file', () => {
  test('that comes with the kiosk is right', () => {
    const kiosk = read(readFileSync('web/kiosk/public/kiosk.yaml', 'utf8'));
    assert.deepEqual(
      kiosk.languages.map(({ direction }) => direction),
      ['ltr', 'ltr', 'rtl', 'ltr'],
    );
    assert.equal(kiosk.menu.length, 3);
  });

  test('may be JSON, and in one language plain texts', () => {
    const kiosk = read(
      JSON.stringify({
        title: 'Pult',
        languages: [{ code: 'de', label: 'Deutsch' }],
        greeting: 'Guten Tag.',
        menu: [{ label: 'Wer?', answer: { text: 'Ich.' } }],
      }),
    );
    assert.deepEqual(kiosk.greeting, { de: 'Guten Tag.' });
    assert.equal(kiosk.languages[0].voice, 'espeak:de');
    assert.equal(kiosk.languages[0].words.back, 'Zurück');
    assert.deepEqual([kiosk.idle_s, kiosk.captions, kiosk.hours], [45, true, null]);
  });

  test('that is wrong is told by line, place and what to do', () => {
    const cases: [from: string, to: string, told: RegExp][] = [
      ['greeting: { en: Hello., ar: مرحبا. }', '', /^line 2: "greeting" is missing: add it\.$/],
      ['{ en: Bye., ar: وداعا. }', '{ en: Bye. }', /^line 12, goodbye: "ar" is missing: add it\.$/],
      ['goodbye:', 'goodby:', /^line 12: there is no key "goodby" here: the keys are title, /],
      [
        'mood: happy',
        'mood: glad',
        /^line 20, menu\[0\]\.items\[0\]\.answer\.mood: must be one of /,
      ],
      [
        '{ en: One., ar: واحد. }',
        'One.',
        /^line 9, attract\.lines\[0\]: must have keys: en, ar\.$/,
      ],
      ['label: English', 'label: 7', /^line 4, languages\[0\]\.label: must be a text: put it in /],
      ['code: ar', 'code: a_r', /^line 5, languages\[1\]\.code: "a_r" is no language code: /],
      ['code: ar', 'code: en', /^line 5, languages\[1\]: "en" is there twice: remove one\.$/],
      [
        'label: العربية',
        'label: A, voice: mine',
        /languages\[1\]\.voice: there is no voice "mine"/,
      ],
      ['12:00,', '25:00,', /^line 14, hours\.mon: "08:00-25:00" are no hours: write them as /],
      ['08:00-12:00', '12:00-08:00', /^line 14, hours\.mon: "12:00-08:00" ends before it begins/],
      ['say: true', 'say: perhaps', /^line 7, attract\.say: must be true or false\.$/],
      ['say: true', 'every_s: 2', /^line 7, attract\.every_s: must be a number from 5 to 3600\.$/],
      [
        '    answer: { text: { en: Me., ar: أنا. } }',
        '',
        /menu\[1\]: must have either an "answer" or/,
      ],
      ['title: {', 'title: [', /^line 2: /],
      ['  - { code: en', ' - { code: en', /^line \d+/],
    ];
    for (const [from, to, told] of cases) {
      assert.ok(desk.includes(from), from);
      assert.match(complaint(desk.replace(from, to)), told, `${from} → ${to}`);
    }
    assert.match(complaint(''), /^line 1: must have keys: title, languages/);
    assert.match(complaint('x: *y'), /^line 1/);
    assert.match(complaint(`# ${'long'.repeat(300_000)}`), /longer/);
  });

  test('of menus without end, or of ten buttons, is refused', () => {
    const item = `{ label: { en: A, ar: B }, answer: { text: { en: A, ar: B } } }`;
    const before = desk.slice(0, desk.indexOf('menu:'));
    const nine = Array.from({ length: 9 }, () => item);
    assert.equal(read(`${before}menu: [${nine.join()}]`).menu.length, 9);
    assert.match(complaint(`${before}menu: [${[...nine, item].join()}]`), /10 entries: .* 1 to 9/);
    const nested = (depth: number): string =>
      depth === 0 ? `[${item}]` : `[{ label: { en: A, ar: B }, items: ${nested(depth - 1)} }]`;
    assert.equal(read(`${before}menu: ${nested(3)}`).menu.length, 1);
    assert.match(complaint(`${before}menu: ${nested(4)}`), /too deep: a menu has 4 levels at most/);
    const round = `${before}menu: &all [{ label: { en: A, ar: B }, items: *all }]`;
    assert.match(complaint(round), /menu\[0\]\.items: must be a list/);
  });
});

describe('opening hours', () => {
  test('begin with their first minute and end before their last', () => {
    const { hours } = read(desk);
    const at = (day: number, hour: number, minute = 0) =>
      hours !== null && isOpenAt(hours.open, { day, minute: hour * 60 + minute });
    assert.deepEqual(
      [at(1, 7, 59), at(1, 8), at(1, 11, 59), at(1, 12)],
      [false, true, true, false],
    );
    assert.deepEqual([at(1, 13), at(1, 23, 59), at(2, 10), at(0, 10)], [true, true, false, false]);
  });
});

describe('a conversation', () => {
  const kiosk = read(desk);
  const touch: Happening = { type: 'touch', isOpen: true };
  const choose = (place: number): Happening => ({ type: 'choose', place });

  test('goes from attract by greeting and menu to an answer, and back', () => {
    const answer = after(kiosk, touch, { type: 'said' }, choose(0), choose(0));
    assert.deepEqual(answer.scene, { name: 'answer', path: [0, 0] });
    assert.deepEqual(saidAt(kiosk, answer), { text: 'Right.', mood: 'happy' });
    const menu = next(kiosk, answer, { type: 'linger' });
    assert.deepEqual(menu.scene, { name: 'menu', path: [0] });
    assert.equal(saidAt(kiosk, menu), null);
    const top = next(kiosk, menu, { type: 'back' });
    assert.deepEqual(top.scene, { name: 'menu', path: [] });
    assert.deepEqual(next(kiosk, top, { type: 'back' }), begin(kiosk));
  });

  test('says what it last said in the language that is chosen, and begins in one', () => {
    const arabic: Happening = { type: 'language', code: 'ar', isOpen: true };
    assert.equal(saidAt(kiosk, after(kiosk, touch, choose(1), arabic))?.text, 'أنا.');
    assert.equal(saidAt(kiosk, after(kiosk, arabic))?.text, 'مرحبا.');
  });

  test('ends where nobody goes on: with a goodbye, and in the first language', () => {
    const arabic: Happening = { type: 'language', code: 'ar', isOpen: true };
    const leaving = after(kiosk, arabic, choose(0), { type: 'idle' });
    assert.equal(saidAt(kiosk, leaving)?.text, 'وداعا.');
    assert.deepEqual(next(kiosk, leaving, { type: 'said' }), begin(kiosk));
    assert.equal(next(kiosk, leaving, touch).scene.name, 'greeting');
    const silent = { ...kiosk, goodbye: null };
    assert.deepEqual(after(silent, arabic, { type: 'idle' }), begin(kiosk));
  });

  test('says that it is closed instead of greeting', () => {
    const closed = after(kiosk, { type: 'touch', isOpen: false });
    assert.equal(saidAt(kiosk, closed)?.text, 'Closed.');
    assert.equal(next(kiosk, closed, choose(1)).scene.name, 'answer');
  });

  test('shows one line after the other while nobody is there', () => {
    const turn: Happening = { type: 'turn' };
    const lines = [[], [turn], [turn, turn]].map((turns) => saidAt(kiosk, after(kiosk, ...turns)));
    assert.deepEqual(
      lines.map((said) => said?.text),
      ['One.', 'Two.', 'One.'],
    );
    const silent = { ...kiosk, attract: { ...kiosk.attract, isSaid: false } };
    assert.equal(saidAt(silent, begin(silent)), null);
  });

  test('takes nothing for anything else', () => {
    const attract = begin(kiosk);
    for (const one of [choose(0), { type: 'back' }, { type: 'said' }, { type: 'idle' }] as const) {
      assert.equal(next(kiosk, attract, one), attract, one.type);
    }
    const menu = after(kiosk, touch, { type: 'said' });
    for (const one of [
      choose(8),
      { type: 'said' },
      { type: 'linger' },
      { type: 'turn' },
    ] as const) {
      assert.equal(next(kiosk, menu, one), menu, one.type);
    }
  });
});
