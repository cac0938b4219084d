import type { YamlField } from './yaml_field.js';

/** Minutes of a day, from the first up to the second. */
export interface Span {
  from_min: number;
  to_min: number;
}

/** When it is open, by the days as Date.getDay() has them. */
export type OpeningHours = readonly (readonly Span[])[];

/** Of the keys of a file, in the order of Date.getDay(). */
export const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

const day_min = 24 * 60;

/** Whether it is open, by the clock of this machine. */
export function isOpenAt(hours: OpeningHours, { day, minute }: DayTime): boolean {
  return (hours[day] ?? []).some(({ from_min, to_min }) => minute >= from_min && minute < to_min);
}

/** A moment of the week. */
export interface DayTime {
  /** 0 is Sunday. */
  day: number;
  minute: number;
}

/** The moment of the week that a clock shows where it stands. */
export function dayTimeOf(date: Date): DayTime {
  return { day: date.getDay(), minute: date.getHours() * 60 + date.getMinutes() };
}

/** Reads a day's hours, e.g. "08:00-12:00, 13:00-17:30". @throws KioskFileError */
export function readSpans(field: YamlField): Span[] {
  return field
    .text()
    .split(',')
    .map((part) => readSpan(field, part.trim()));
}

function readSpan(field: YamlField, text: string): Span {
  const found = /^(\d\d?):(\d\d)\s*[-–]\s*(\d\d?):(\d\d)$/.exec(text);
  const [from_h, from_m, to_h, to_m] = found?.slice(1).map(Number) ?? [];
  const from_min = minutes(from_h, from_m);
  const to_min = minutes(to_h, to_m);
  if (from_min === null || to_min === null) {
    return field.fail(`"${text}" are no hours: write them as 08:00-17:30.`);
  }
  if (from_min >= to_min) {
    field.fail(`"${text}" ends before it begins: give each day its own hours, up to 24:00.`);
  }
  return { from_min, to_min };
}

function minutes(hour = NaN, minute = NaN): number | null {
  const all = hour * 60 + minute;
  return minute < 60 && all <= day_min ? all : null;
}
