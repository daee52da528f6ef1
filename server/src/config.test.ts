import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CONFIG_OPTIONS, ENGINE_OPTIONS } from './config-options.ts';
import { type ConfigKey, loadConfig } from './config.ts';
import { DESKS } from './desks/index.ts';

/** A setting's value, or what is wrong with it. The folder has no settings file. */
function read(key: ConfigKey, ...argv: string[]): unknown {
  try {
    return loadConfig({ argv, env: {}, folder: import.meta.dirname }).values[key];
  } catch (error) {
    return (error as Error).message;
  }
}

describe('a port', () => {
  it.each([
    ['0', 0],
    ['3000', 3000],
  ])('is %j', (text, port) => {
    expect(read('port', `--port=${text}`)).toBe(port);
  });

  it.each(['', ' ', '-1', '65536', '3e3', '0x10', '80.5'])('is not %j', (text) => {
    expect(read('port', `--port=${text}`)).toContain('must be a whole number');
  });
});

describe('settings', () => {
  it('have flags and variables of their own, the engine’s and every desk’s', () => {
    for (const name of ['flag', 'env'] as const) {
      const names = [ENGINE_OPTIONS, ...DESKS.map(({ options }) => options)].flatMap((options) =>
        Object.values(options).map((option) => option[name]),
      );
      expect(names.length).toBe(Object.keys(CONFIG_OPTIONS).length);
      expect(new Set(names).size).toBe(names.length);
    }
  });
});

describe('the proxies that are trusted', () => {
  it('are addresses and networks', () => {
    const proxies = ['127.0.0.1', '10.0.0.0/8', '::1', '2001:db8::/32'];
    expect(read('trustProxy', '--trust-proxy', proxies.join(', '))).toEqual(proxies);
    expect(read('trustProxy')).toEqual([]);
  });

  it.each(['true', 'false', '1', '*', '10.0.0.0/33', '10.0.0/8', '::/129', 'proxy.example.com', '10.0.0.1,all'])(
    'are not %j',
    (text) => {
      expect(read('trustProxy', `--trust-proxy=${text}`)).toContain('must be addresses or networks');
    },
  );
});

describe('the document of operations', () => {
  const page = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8');

  // A number or a word; what is nothing, or on or off, is told in words there.
  const valued = Object.values(CONFIG_OPTIONS).filter(
    (option) => /\w/.test(String(option.default)) && option.flag !== 'demo',
  );

  it.each(valued)('has the setting --$flag with its default', ({ flag, default: value }) => {
    const row = page.split('\n').find((line) => line.startsWith('|') && line.includes(`\`--${flag}\``));
    expect(row).toContain(value === false ? 'off' : String(value));
  });

  it('says what npx runs, and what npm audit tells', () => {
    expect(page).toMatch(/`npx millrace` runs the command of this folder and downloads\s+nothing/);
    expect(page).toMatch(/`npm audit` asks the registry; one that does not serve advisories answers/);
  });
});
