import { newOrderId } from '@millrace/client';
import type { OrderKindName, WireOrder, WireOrderRequest, WirePreview } from '@millrace/contract';
import { type InvalidateQueryFilters, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { keys } from '../live/index.ts';
import { client } from '../session/index.ts';

/** What is asked for by an order of a kind. */
export type RequestOf<Kind extends OrderKindName> = Extract<WireOrderRequest, { kind: Kind }>;

/** An order with the id under which it acts once, however often it is sent. */
export type Ticket<Kind extends OrderKindName = OrderKindName> = RequestOf<Kind> & { id: string };

/** The order as it is sent, and sent again. */
export function ticketOf<Kind extends OrderKindName>(request: RequestOf<Kind>): Ticket<Kind> {
  return { ...request, id: newOrderId() };
}

/** What an order would do. */
export const previewQuery = (request: WireOrderRequest) =>
  queryOptions({
    queryKey: keys.preview(request),
    queryFn: ({ signal }) => client.orders.preview(request, { signal }),
    // True for this moment only.
    staleTime: 0,
    gcTime: 0,
  });

/** What is to be confirmed, and what it would do. */
export interface Reviewed<Kind extends OrderKindName> {
  ticket: Ticket<Kind>;
  preview: WirePreview;
}

export interface Review<Kind extends OrderKindName> {
  /** undefined: nothing is to be confirmed. */
  reviewed: Reviewed<Kind> | undefined;
  busy: boolean;
  /** It could not be checked. */
  error: unknown;
  /** Asks what the order would do, and has it confirmed where it would be done; where not, its outlook says why. */
  check(request: RequestOf<Kind>): void;
  close(): void;
}

/** The question before an order: it is placed with the id that it has from here on. */
export function useReview<Kind extends OrderKindName>(): Review<Kind> {
  const cache = useQueryClient();
  const [state, setState] = useState<Pick<Review<Kind>, 'reviewed' | 'busy' | 'error'>>(IDLE);
  const asked = useRef(0);
  const check = async (request: RequestOf<Kind>): Promise<void> => {
    asked.current += 1;
    const mine = asked.current;
    // What was closed meanwhile, or asked again, does not open.
    const become = (next: object): void => {
      if (mine === asked.current) setState({ ...IDLE, ...next });
    };
    become({ busy: true });
    try {
      const preview = await cache.fetchQuery(previewQuery(request));
      become(preview.status === 'rejected' ? {} : { reviewed: { ticket: ticketOf(request), preview } });
    } catch (error) {
      become({ error });
    }
  };
  const close = (): void => {
    asked.current += 1;
    setState(IDLE);
  };
  return { ...state, check: (request) => void check(request), close };
}

const IDLE = { reviewed: undefined, busy: false, error: undefined };

/** One order of a page on its way at a time. */
export interface Placing<Kind extends OrderKindName> {
  /** What was sent last; undefined before, and after `reset`. */
  sent: { ticket: Ticket<Kind>; at: string } | undefined;
  /** As it was decided; undefined: not known yet. */
  answer: WireOrder | undefined;
  isPending: boolean;
  /** No answer came, or the server could not take it; null: neither. */
  error: unknown;
  /** Sends the order: however often it is called, its id makes it act once. @returns false where one is on its way. */
  place(ticket: Ticket<Kind>): boolean;
  reset(): void;
}

/** `changed`: what was read that the order makes untrue where it is done, besides the balances. */
export function useTicket<Kind extends OrderKindName>(changed: readonly InvalidateQueryFilters[] = []): Placing<Kind> {
  const cache = useQueryClient();
  const busy = useRef(false);
  const { mutate, data, variables, isPending, error, reset } = useMutation({
    mutationFn: ({ ticket }: { ticket: Ticket<Kind>; at: string }) => client.orders.submit(ticket),
    onSuccess: ({ status }) => {
      const stale = status === 'rejected' || status === 'failed' ? [] : changed;
      for (const filters of [{ queryKey: keys.accounts() }, ...stale]) void cache.invalidateQueries(filters);
    },
    onSettled: () => {
      busy.current = false;
    },
  });
  const place = (ticket: Ticket<Kind>): boolean => {
    // A second click comes before the button knows that it was pressed.
    if (busy.current) return false;
    busy.current = true;
    mutate({ ticket, at: new Date().toISOString() });
    return true;
  };
  return { sent: variables, answer: data, isPending, error, place, reset };
}
