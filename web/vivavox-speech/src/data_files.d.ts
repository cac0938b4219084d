// The types of data_files.js, which web/build.mjs makes of espeak-ng's data.

/** The addresses of the files in dist/espeak-ng-data by their names. */
export const dataUrls: Record<string, string>;
