/** A sender's own way to sign (Web Crypto), which shares nothing with how it is checked. */
export async function signed(
  secret: string,
  body: string,
  { id = `msg_${crypto.randomUUID()}`, seconds = Math.floor(Date.now() / 1000) } = {},
): Promise<Record<string, string>> {
  const bytes = Uint8Array.from(atob(secret.slice('whsec_'.length)), (letter) => letter.charCodeAt(0));
  const key = await crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  const mac = await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(`${id}.${seconds}.${body}`));
  return {
    'webhook-id': id,
    'webhook-timestamp': String(seconds),
    'webhook-signature': `v1,${btoa(String.fromCharCode(...new Uint8Array(mac)))}`,
  };
}

export function secretOf(letter: string): string {
  return `whsec_${btoa(letter.repeat(32))}`;
}
