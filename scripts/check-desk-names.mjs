// Checks that what is a desk's is named in the desk's folders only: a kind, an event, a reason … that stands anywhere else is a list
// that has to be kept by hand for each desk, and that a new desk is missing from.
import { readFileSync } from 'node:fs';
import { DESKS } from '../contract/src/desks/index.ts';

/** Where names of all desks may stand: their folders, and the lists of desks, which name folders and nothing else. */
const foldersOfDesks = /^(contract\/src\/desks|server\/src\/desks|web\/src\/sections)\/[^/]+\//;
const scanned = /^(contract|server|web)\/src\//;
/** English that a desk has as a name too: an entry of the ledger is a transfer, and an asset's class is a note. */
const english = new Set(['transfer', 'notes']);

function namesOf({ kinds, events, channels, vocabulary, operations, lines = {}, totals = {}, settings = {} }) {
  const { ids, purposes, reasons, errors = {}, transfers, overdue } = vocabulary;
  const records = [
    kinds,
    events,
    channels,
    ids,
    purposes,
    reasons,
    errors,
    transfers,
    overdue,
    lines,
    totals,
    settings,
  ];
  return [...records.flatMap(Object.keys), ...operations.map(({ operationId }) => operationId)];
}

/** Code without its comments, which may give examples. */
function codeOf(text) {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/^\s*\/\/.*$|\s\/\/\s.*$/gm, '');
}

/**
 * @param sources paths of all modules, from the root
 * @returns one line for each file and name
 */
export function findDeskNames({ sources, isTest }) {
  const names = [...new Set(DESKS.flatMap(namesOf))].filter((name) => !english.has(name));
  // One word may be English; between quotes it is the name.
  const quoted = new RegExp(`(['"\`])(${names.join('|')})\\1`, 'g');
  const written = new RegExp(`\\b(${names.filter((name) => /_|[A-Z]/.test(name)).join('|')})\\b`, 'g');
  return sources
    .filter((path) => scanned.test(path) && !foldersOfDesks.test(path) && !isTest(path))
    .flatMap((path) => {
      const code = codeOf(readFileSync(path, 'utf8'));
      const found = [
        ...[...code.matchAll(quoted)].map((match) => match[2]),
        ...[...code.matchAll(written)].map((match) => match[1]),
      ];
      return [...new Set(found)].map((name) => `only-its-desk-names-it: ${path}: ${name}`);
    });
}
