import { describe, expect, it } from 'vitest';
import { createPasswordHasher, NOBODYS_HASH } from './passwords.ts';

/** Hashes that end when the test says so. */
function heldArgon2() {
  const started: (() => void)[] = [];
  const hold = async <T>(value: T): Promise<T> => {
    await new Promise<void>((resolve) => started.push(resolve));
    return value;
  };
  return { started, argon2: { hash: () => hold('hash'), verify: () => hold(true) } };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('password hashes', () => {
  it('are Argon2id with 19 MiB, two passes and one lane, and salted', async () => {
    const hasher = createPasswordHasher({});
    const [a, b] = await Promise.all([hasher.hash('mill-stream-7'), hasher.hash('mill-stream-7')]);
    expect(a).toMatchObject({ ok: true, value: expect.stringMatching(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/) });
    expect(a).not.toEqual(b);
    const stored = a.ok ? a.value : '';
    expect(await hasher.verify(stored, 'mill-stream-7')).toEqual({ ok: true, value: true });
    expect(await hasher.verify(stored, 'mill-stream-8')).toEqual({ ok: true, value: false });
  });

  it('tell passwords apart after a NUL byte, too', async () => {
    const hasher = createPasswordHasher({});
    const stored = await hasher.hash('mill\u0000stream');
    expect(await hasher.verify(stored.ok ? stored.value : '', 'mill\u0000brook')).toEqual({ ok: true, value: false });
  });

  it("include nobody's, which is verified like a real one and fits no password", async () => {
    const real = await createPasswordHasher({}).hash('mill-stream-7');
    const shape = (hash: string): string[] => hash.split('$').map((part, i) => (i < 4 ? part : String(part.length)));
    expect(shape(NOBODYS_HASH)).toEqual(shape(real.ok ? real.value : ''));
    expect(await createPasswordHasher({}).verify(NOBODYS_HASH, 'mill-stream-7')).toEqual({ ok: true, value: false });
  });
});

describe('the bound on password hashing', () => {
  it('runs two at a time, lets some wait in order, and refuses the rest at once', async () => {
    const { started, argon2 } = heldArgon2();
    const hasher = createPasswordHasher({ argon2, atOnce: 2, waitingMax: 3 });
    const work = Array.from({ length: 5 }, (_, i) => hasher.hash(`password-${i}`));
    const beyond = await hasher.verify('hash', 'one too many');
    expect(beyond).toMatchObject({ ok: false, problem: { code: 'overloaded', retryAfterSeconds: 5 } });
    expect(started).toHaveLength(2);
    for (let done = 0; done < 5; done += 1) {
      started[done]?.();
      await settled();
      expect(started).toHaveLength(Math.min(5, done + 3));
    }
    expect(await Promise.all(work)).toEqual(Array.from({ length: 5 }, () => ({ ok: true, value: 'hash' })));
  });

  it('gives its place back when a hash fails', async () => {
    let calls = 0;
    const argon2 = {
      hash: async () => 'hash',
      verify: async () => {
        calls += 1;
        throw new Error('not a hash');
      },
    };
    const hasher = createPasswordHasher({ argon2, atOnce: 1, waitingMax: 0 });
    await expect(hasher.verify('garbage', 'x')).rejects.toThrow('not a hash');
    await expect(hasher.verify('garbage', 'x')).rejects.toThrow('not a hash');
    expect(calls).toBe(2);
  });
});
