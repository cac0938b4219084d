// How `auto` chooses the level of quality, by made series of frames.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  QualityKeeper,
  afterFrame,
  isTooSlow,
  qualityLevels,
  startOfAuto,
  type AutoQuality,
} from '../../web/vivavox/src/quality.js';

const sixtieth_ms = 1000 / 60;

/** So many seconds of frames that take as long as `interval_ms` says of their level. */
function drawn(
  seconds: number,
  interval_ms: (level: number) => number,
  state: AutoQuality = startOfAuto,
): AutoQuality[] {
  const states = [state];
  for (let t_ms = 0; t_ms < seconds * 1000;) {
    const before = states.at(-1) ?? state;
    const taken_ms = interval_ms(before.level);
    t_ms += taken_ms;
    states.push(afterFrame(before, taken_ms, true));
  }
  return states;
}

const levelsOf = (states: AutoQuality[]) =>
  states.map(({ level }) => qualityLevels[level]).filter((level, i, all) => level !== all[i - 1]);

test('frames on time stay at the best level', () => {
  assert.deepEqual(levelsOf(drawn(60, () => sixtieth_ms)), ['high']);
});

test('frames that come a third late now and then change nothing', () => {
  let i = 0;
  assert.deepEqual(levelsOf(drawn(60, () => sixtieth_ms * (i++ % 10 === 0 ? 2 : 1.1))), ['high']);
});

test('one long pause changes nothing', () => {
  const pause = afterFrame(startOfAuto, 5000, true);
  assert.equal(pause.level, startOfAuto.level);
  assert.equal(afterFrame(pause, sixtieth_ms, true).level, startOfAuto.level);
});

test('it falls level by level to the first that is on time, and stays there', () => {
  const times_ms = [400, 60, 40, sixtieth_ms, sixtieth_ms];
  assert.deepEqual(levelsOf(drawn(30, (level) => times_ms[level] ?? 0)), ['high', 'medium', 'low']);
});

test('where frames are very slow it is at the last level within two seconds', () => {
  const states = drawn(2, (level) => [900, 400, 350, 200, 80][level] ?? 0);
  assert.equal(qualityLevels[states.at(-1)?.level ?? 0], 'minimal');
});

test('where no level is on time the quickest stays', () => {
  assert.equal(levelsOf(drawn(120, () => 100)).at(-1), 'minimal');
});

test('it comes back slowly, and each time that this failed more slowly', () => {
  const states = drawn(1200, (level) => (level <= 2 ? 40 : sixtieth_ms));
  const tries = levelsOf(states).filter((level) => level === 'medium').length - 1;
  assert.ok(tries >= 2 && tries <= 4, `${tries} tries in 20 minutes`);
  const freed = drawn(200, () => sixtieth_ms, drawn(3, () => 40).at(-1));
  assert.ok(levelsOf(freed).length > 1, 'it rises once there is time');
});

test('where the processor draws it begins with the quickest', () => {
  assert.equal(new QualityKeeper(true).level, 'minimal');
  assert.equal(new QualityKeeper(false).level, 'high');
  const chosen = new QualityKeeper(true);
  chosen.choose('high');
  assert.equal(chosen.level, 'high');
});

test('an idle face is meant to have half as many frames', () => {
  let state = startOfAuto;
  for (let i = 0; i < 600; i++) state = afterFrame(state, 1000 / 30, false);
  assert.equal(state.level, startOfAuto.level);
});

test('what is slow at the quickest level is too slow, and nothing else', () => {
  const last = (seconds: number, interval_ms: number) => {
    const state = drawn(seconds, () => interval_ms).at(-1);
    return state !== undefined && isTooSlow(state);
  };
  assert.ok(last(12, 60));
  assert.ok(!last(12, 45), '22 frames a second will do');
  assert.ok(!drawn(1, () => 60).some(isTooSlow), 'not before the quickest was tried');
});
