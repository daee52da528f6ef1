/**
 * A new order id: a UUID of version 7, in order of time, which keeps the server's index growing at one end. Made here, so
 * that a request whose answer was lost can be sent again and acts once.
 */
export function newOrderId(): string {
  return `ord_${uuidv7()}`;
}

export function newIdempotencyKey(): string {
  return uuidv7();
}

function uuidv7(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const view = new DataView(bytes.buffer);
  const now = Date.now();
  view.setUint32(0, Math.floor(now / 0x1_0000));
  view.setUint16(4, now % 0x1_0000);
  view.setUint8(6, 0x70 | (view.getUint8(6) & 0x0f));
  view.setUint8(8, 0x80 | (view.getUint8(8) & 0x3f));
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
