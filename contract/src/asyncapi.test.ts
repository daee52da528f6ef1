import { describe, expect, test } from 'vitest';
import { asyncApiDocument } from './asyncapi.ts';
import { EVENTS } from './desks/index.ts';
import { CLIENT_FRAMES, SERVER_FRAMES } from './schemas/stream.ts';

interface Reference {
  $ref: string;
}
interface Message {
  name: string;
  payload: { properties?: Record<string, { const?: unknown }> };
}
interface Document {
  asyncapi: string;
  info: { title: string; version: string };
  servers: Record<string, { host: string; protocol: string }>;
  channels: Record<string, { address: string; servers: Reference[]; messages: Record<string, Reference> }>;
  operations: Record<
    string,
    { action: string; channel: Reference; messages: Reference[]; reply?: { channel: Reference; messages: Reference[] } }
  >;
  components: { messages: Record<string, Message>; schemas: Record<string, unknown> };
}

const document = asyncApiDocument() as unknown as Document;

function find(reference: string): unknown {
  return reference
    .slice(2)
    .split('/')
    .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], document);
}

function references(value: unknown): string[] {
  return [...JSON.stringify(value).matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference]) => reference as string);
}

describe('the AsyncAPI document', () => {
  test('is of version 3, with servers, channels and operations that are what the specification asks', () => {
    expect(document.asyncapi).toBe('3.0.0');
    expect(document.info).toMatchObject({ title: expect.any(String), version: expect.any(String) });
    for (const server of Object.values(document.servers)) {
      expect(server).toMatchObject({ host: expect.any(String), protocol: expect.stringMatching(/^(ws|http)$/) });
    }
    for (const { action } of Object.values(document.operations)) expect(['send', 'receive']).toContain(action);
  });

  test('has no reference that leads nowhere', () => {
    const all = references(document);
    expect(all.length).toBeGreaterThan(100);
    for (const reference of all) expect([reference, find(reference)]).not.toEqual([reference, undefined]);
  });

  test('has operations that use messages of their channel only', () => {
    for (const { channel, messages, reply } of Object.values(document.operations)) {
      for (const { $ref } of [...messages, ...(reply?.messages ?? [])])
        expect($ref.startsWith(`${channel.$ref}/messages/`)).toBe(true);
    }
  });

  test('has every frame and every event as a message, and no schema that nobody uses', () => {
    const frames = { ...CLIENT_FRAMES, ...SERVER_FRAMES };
    expect(Object.keys(document.components.messages)).toEqual([...Object.keys(frames), ...Object.keys(EVENTS)]);
    expect(Object.keys(document.channels['stream']?.messages ?? {})).toEqual(Object.keys(frames));
    expect(Object.keys(document.channels['events']?.messages ?? {})).toEqual(Object.keys(EVENTS));
    for (const op of Object.keys(frames)) {
      expect(document.components.messages[op]?.payload.properties?.['op']?.const).toBe(op);
    }
    const used = new Set(references(document));
    for (const name of Object.keys(document.components.schemas)) expect(used).toContain(`#/components/schemas/${name}`);
  });

  test('tells kinds of orders apart by a name, as AsyncAPI wants it', () => {
    expect(document.components.schemas['OrderRequest']).toMatchObject({ discriminator: 'kind' });
  });
});
