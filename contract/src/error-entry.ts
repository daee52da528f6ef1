/** One entry of the error registry. Every refusal on every edge carries one of these codes. */
export interface ErrorEntry {
  /** HTTP status. */
  http: number;
  /** gRPC status name. */
  grpc: string;
  /** Whether the same request may succeed later, unchanged. */
  retryable: boolean;
  title: string;
  meaning: string;
  remedy: string;
}

export function entry(
  http: number,
  grpc: string,
  retryable: boolean,
  title: string,
  meaning: string,
  remedy: string,
): ErrorEntry {
  return { http, grpc, retryable, title, meaning, remedy };
}
