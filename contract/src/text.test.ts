import { describe, expect, it } from 'vitest';
import { readableText } from './text.ts';

describe('text that others read', () => {
  it.each([
    ['any script and emoji, as they are', 'Zoë 王 👩‍🚀 ❤️', 'Zoë 王 👩‍🚀 ❤️'],
    ['a joiner that Persian needs', 'می\u200cخواهم', 'می\u200cخواهم'],
    ['composed letters', 'cafe\u0301', 'caf\u00e9'],
    ['spaces around, and runs of them', '  A   B\u00a0 C ', 'A B C'],
    ['a line break as a space', 'A\r\nB', 'A B'],
    ['a tab as a space', 'A\tB', 'A B'],
    ['an override of the direction', 'invoice\u202egpj.exe', 'invoicegpj.exe'],
    ['an isolate', '\u2066Ann\u2069', 'Ann'],
    ['a mark of the direction', 'Ann\u200f\u061c', 'Ann'],
    ['zero-width spaces and joiners without anything to join', 'A\u200bnn\u2060\ufeff\u200d', 'Ann'],
    ['a soft hyphen', 'mill\u00adrace', 'millrace'],
    ['NUL and other controls', 'A\u0000n\u0007n\u0085', 'Ann'],
    ['half a surrogate pair', 'Ann\ud800', 'Ann'],
    ['tags, which hide a text in a text', 'Ann\u{e0041}\u{e0042}', 'Ann'],
    ['a filler that looks like a space', 'A\u3164nn', 'Ann'],
    ['a blank of Braille', 'A\u2800B', 'A B'],
    ['a right-to-left word, whose direction is its own', 'שלום', 'שלום'],
    ['private code points that stand for something inside', 'A\ue001B', 'AB'],
  ])('keeps %s', (_, text, expected) => {
    expect(readableText(text)).toBe(expected);
  });

  it.each([
    ['nothing', ''],
    ['spaces', ' \u00a0\u3000'],
    ['a zero-width space', '\u200b'],
    ['Hangul fillers', '\u3164\u115f\u1160\uffa0'],
    ['a mark without a letter', '\u0301'],
    ['a blank of Braille', '\u2800'],
    ['directions only', '\u202e\u202c\u2066\u2069'],
    ['controls', '\u0000\u001b\n'],
  ])('is refused where a reader would see nothing of it: %s', (_, text) => {
    expect(readableText(text)).toBeUndefined();
  });

  it('is the same when it is read again', () => {
    for (const text of ['A\u200dB \u202ec', '❤️\u200d🔥', 'e\u0301\u200b\u0301'])
      expect(readableText(readableText(text) as string)).toBe(readableText(text));
  });
});
