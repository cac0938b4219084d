/** What is wrong in a kiosk file: where, and what to do about it. */
export class KioskFileError extends Error {
  override readonly name = 'KioskFileError';
  readonly code = 'invalid_kiosk_file';

  /**
   * @param line of the file, from 1
   * @param path such as `menu[1].label`; empty where the file as a whole is meant
   * @param what one sentence: what is wrong and what to do
   */
  constructor(
    readonly line: number,
    readonly path: string,
    what: string,
  ) {
    super(`line ${line}${path === '' ? '' : `, ${path}`}: ${what}`);
  }
}
