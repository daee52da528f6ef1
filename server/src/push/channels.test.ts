import { EVENTS, type EventEntry, type EventType, type Role, type Scope, SCOPES } from '@millrace/contract';
import { describe, expect, test } from 'vitest';
import type { Caller } from '../core/caller.ts';
import type { StoredEvent } from '../events/event.ts';
import { openChannel, topicsOf } from './channels.ts';

const ANNA = '00000000-0000-7000-8000-00000000000a';
const BERT = '00000000-0000-7000-8000-00000000000b';
const LOAN = 'loan_00000000-0000-7000-8000-0000000000aa';

function caller(role: Role = 'investor', scopes = Object.keys(SCOPES) as Scope[]): Caller {
  return { userId: ANNA, role, scopes: new Set(scopes), actingFor: ANNA };
}

function event(type: string, userId: string | null, subject = LOAN): StoredEvent {
  return {
    shard: 0,
    seq: 1,
    type: type as EventType,
    subject,
    userId,
    orderId: null,
    data: {},
    at: '2026-01-01T00:00:00.000Z',
  };
}

function channel(name: string, who: Caller = caller()) {
  const opened = openChannel(who, name);
  if (!opened.ok) throw new Error(opened.problem.code);
  return opened.value;
}

describe.each(Object.entries(EVENTS) as [EventType, EventEntry][])('%s', (type, { visibility, subject }) => {
  const mine = event(type, ANNA);
  const others = event(type, BERT);
  const nobodys = event(type, null);

  test('is on `me` only where it is an owner’s, and only on that owner’s', () => {
    expect(channel('me').includes(mine)).toBe(visibility === 'owner');
    expect(channel('me').includes(others)).toBe(false);
    expect(channel('me').includes(nobodys)).toBe(false);
  });

  test('is on the loans’ channels only where it is public and about a loan', () => {
    const isPublic = visibility === 'public' && subject === 'loan';
    for (const each of [mine, others, nobodys]) {
      expect(channel('loans').includes(each)).toBe(isPublic);
      expect(channel(`loan:${LOAN}`).includes(each)).toBe(isPublic);
    }
    expect(channel(`loan:${LOAN}`).includes(event(type, null, LOAN.replace('aa', 'bb')))).toBe(false);
  });

  test('is always on `operators`, and the filter of each channel lets through what the channel does', () => {
    expect(channel('operators', caller('operator')).includes(others)).toBe(true);
    for (const each of [
      channel('me'),
      channel('loans'),
      channel(`loan:${LOAN}`),
      channel('operators', caller('operator')),
    ]) {
      const { userId, types, subject: about } = each.filter;
      const passes =
        (userId === undefined || mine.userId === userId) &&
        (types === undefined || types.includes(type)) &&
        (about === undefined || mine.subject === about);
      expect([each.name, passes]).toEqual([each.name, each.includes(mine)]);
      expect(topicsOf(mine).includes(each.topic)).toBe(passes);
    }
  });
});

test('an event of an unknown type is shown to operators only', () => {
  for (const type of ['of_a_newer_version', 'constructor', 'toString']) {
    expect(topicsOf(event(type, ANNA))).toEqual(['operators']);
    expect(channel('me').includes(event(type, ANNA))).toBe(false);
  }
});

test('a service follows the events of the user that it acts for', () => {
  const service: Caller = { ...caller('service'), actingFor: BERT };
  expect(channel('me', service).includes(event('deposit_received', BERT))).toBe(true);
  expect(channel('me', service).includes(event('deposit_received', ANNA))).toBe(false);
});

test('operators’ events need role and scope, own events their scope, public ones nothing', () => {
  const code = (who: Caller, name: string): string => {
    const opened = openChannel(who, name);
    return opened.ok ? 'ok' : opened.problem.code;
  };
  expect(code(caller('investor'), 'operators')).toBe('forbidden');
  expect(code(caller('operator', ['orders:read']), 'operators')).toBe('forbidden');
  expect(code(caller('operator', ['operate']), 'operators')).toBe('ok');
  expect(code(caller('operator', ['operate']), 'me')).toBe('forbidden');
  expect(code(caller('investor', []), 'loans')).toBe('ok');
  for (const name of ['', ':', 'me:', 'loan:', 'loans:x', '__proto__', 'loan:x', `loan:${LOAN}\n`, `loan:${LOAN}:`]) {
    expect([name, code(caller('operator'), name)]).toEqual([name, 'not_found']);
  }
});
