import type { Caller } from '../../../core/caller.ts';
import { formatId, parseId, uuidv7 } from '../../../core/ids.ts';
import type { Answer, Submission } from '../../../intake/intake.ts';
import type { RestServices } from '../services.ts';

/** What is known when the wait is over: intake's answer, or the id under which it can be asked for. */
export type Waited = { answer: Answer } | { answer: undefined; orderId: string | undefined };

/**
 * Submits, and waits at most so long. An order that is durable by then is answered as it is known. One that is not is
 * not acknowledged: the caller is told that the outcome is not known, and under which id it will be found.
 */
export async function submitWithin(
  services: RestServices,
  caller: Caller,
  submission: Submission,
  seconds: number,
): Promise<Waited> {
  // Without a key the order needs an id that both sides know. With one, the repeated request finds it.
  const id = submission.id ?? (submission.idempotency ? undefined : formatId('order', uuidv7()));
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, seconds * 1000, undefined);
  });
  const answer = await Promise.race([services.intake.submit(caller, { ...submission, id }), timeout]);
  clearTimeout(timer);
  if (answer) return { answer };
  const uuid = id === undefined ? undefined : parseId('order', id);
  const order = uuid === undefined ? undefined : await services.orders.get(caller, uuid);
  return order ? { answer: { ok: true, order, replayed: false } } : { answer: undefined, orderId: id };
}
