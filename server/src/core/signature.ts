import { createHmac, timingSafeEqual } from 'node:crypto';

/** A message as the Standard Webhooks specification signs it, with its three headers. */
export interface SignedMessage {
  id: string;
  /** Seconds since 1970, in digits. */
  timestamp: string;
  /** `v1,<base64>`, several separated by spaces. */
  signature: string;
  /** The bytes as they came: another text of the same JSON is another message. */
  body: Uint8Array;
}

/** How far the time of a message may be from ours: clocks differ, and what is older may be a recording. */
const TOLERANCE_SECONDS = 300;
const PREFIX = 'whsec_';
const KEY_BYTES = { min: 24, max: 64 };
/** More signatures than anybody has secrets. */
const SIGNATURES_MAX = 10;

const ID = /^[!-~]{1,255}$/;
const SECONDS = /^\d{1,12}$/;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** undefined: it is no secret of this kind. */
export function keyOfSecret(secret: string): Buffer | undefined {
  const text = secret.slice(PREFIX.length);
  if (!secret.startsWith(PREFIX) || !BASE64.test(text)) return undefined;
  const key = Buffer.from(text, 'base64');
  return key.length >= KEY_BYTES.min && key.length <= KEY_BYTES.max ? key : undefined;
}

/** Whether what a message says of itself can be right, before anything of its body is known. `now`: ms since the epoch. */
export function isTimely({ id, timestamp }: Pick<SignedMessage, 'id' | 'timestamp'>, now: number): boolean {
  const seconds = Math.floor(now / 1000);
  return ID.test(id) && SECONDS.test(timestamp) && Math.abs(seconds - Number(timestamp)) <= TOLERANCE_SECONDS;
}

/** Whether one of the signatures is by one of the secrets. Takes the same time wherever they differ. */
export function isSigned(message: SignedMessage, secrets: readonly string[]): boolean {
  const given = message.signature.split(' ', SIGNATURES_MAX).map((one) => Buffer.from(one));
  let isRight = false;
  for (const secret of secrets) {
    const right = Buffer.from(signatureOf(message, secret));
    for (const one of given) if (one.length === right.length && timingSafeEqual(one, right)) isRight = true;
  }
  return isRight;
}

function signatureOf({ id, timestamp, body }: Omit<SignedMessage, 'signature'>, secret: string): string {
  const mac = createHmac('sha256', keyOfSecret(secret) as Buffer);
  return `v1,${mac.update(`${id}.${timestamp}.`).update(body).digest('base64')}`;
}
