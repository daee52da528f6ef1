import { expect, test } from 'vitest';
import { migrationsAmong } from './migrator.ts';

test('migrations are applied by number, whatever order the folder has', () => {
  expect(migrationsAmong(['000010_b.sql', '000002_a-b.sql', 'README.md'])).toEqual(['000002_a-b.sql', '000010_b.sql']);
});

test.each(['000003_two_words.sql', '3_x.sql', '000003-x.sql', '000003_X.sql'])(
  '%s is refused, not left out',
  (name) => {
    expect(() => migrationsAmong(['000001_core.sql', name])).toThrow(name);
  },
);
