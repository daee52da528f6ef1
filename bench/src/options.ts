import { parseArgs } from 'node:util';

export interface BenchOptions {
  /** Of each measurement, seconds. */
  seconds: number;
  /** Orders that are stored before the runs with a history. */
  history: number;
  /** Minutes of steady load in place of everything else, for the memory; 0 for the measurements. */
  soak: number;
  /** How soon the web application's pages are painted, in place of everything else. */
  web: boolean;
  /** How long verification takes with the history, in place of everything else. */
  verify: boolean;
  /** Another checkout that this one is measured against, in place of everything else. */
  against: string | undefined;
}

const HISTORY = 2_000_000;
const LARGE_HISTORY = 10_000_000;

export const USAGE = `npm run bench -- [--seconds N] [--history N | --large | --no-history] | --soak N | --web | --verify | --against FOLDER

  --seconds N    length of each measurement (default 10)
  --history N    orders stored before the runs with a history (default ${HISTORY})
  --large        a history of ${LARGE_HISTORY} orders
  --no-history   leave those runs out
  --soak N       instead: N minutes of steady load, and what memory the server took
  --web          instead: how soon the pages of the web application are painted; wants Chromium
  --verify       instead: how long the books take to be verified with the history stored
  --against FOLDER
                 instead: this checkout ÷ another one with its modules installed, in turns of N seconds
`;

export function readOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seconds: { type: 'string', default: '10' },
      history: { type: 'string', default: String(HISTORY) },
      large: { type: 'boolean', default: false },
      'no-history': { type: 'boolean', default: false },
      soak: { type: 'string' },
      web: { type: 'boolean', default: false },
      verify: { type: 'boolean', default: false },
      against: { type: 'string' },
    },
  });
  return {
    seconds: wholeNumber('--seconds', values.seconds),
    history: values['no-history'] ? 0 : values.large ? LARGE_HISTORY : wholeNumber('--history', values.history),
    soak: values.soak === undefined ? 0 : wholeNumber('--soak', values.soak),
    web: values.web,
    verify: values.verify,
    against: values.against,
  };
}

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`${name} must be a whole number above 0`);
  return value;
}
