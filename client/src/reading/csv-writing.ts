const NUMBER = /^-?\d+(\.\d+)?$/;
/**
 * What makes spreadsheets take a cell for a formula, behind spaces and in full width too:
 * https://owasp.org/www-community/attacks/CSV_Injection
 */
const FORMULA = /^[\t\r]|^\s*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]/;
const QUOTED = /[",;\t\r\n]|^\s|\s$/;

/** Before the first line: without it Excel takes UTF-8 for the code page of its country, and shows “Ã¼” for “ü”. */
export const CSV_MARK = '\uFEFF';

/**
 * A cell by RFC 4180. Text that a spreadsheet would run as a formula gets an apostrophe before it; numbers keep their sign,
 * and stay numbers. Where another separator stands in a cell it is quoted too, for spreadsheets that expect that one.
 */
export function csvCell(text: string): string {
  const safe = FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
  return QUOTED.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export function csvLine(cells: readonly string[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}
