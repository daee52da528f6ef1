export type { JsonObject, JsonValue } from '@millrace/contract';
