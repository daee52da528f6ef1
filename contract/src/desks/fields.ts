import Type from 'typebox';
import { id } from '../schemas/common.ts';
import { ID_PREFIXES, type IdKind } from './vocabulary.ts';

/** Fields of events, each with its meaning. */

export const idOf = (kind: IdKind, meaning: string) => id(ID_PREFIXES[kind], meaning);
export const text = (meaning: string) => Type.String({ description: meaning });
export const count = (meaning: string) => Type.Integer({ minimum: 0, description: meaning });
export const amountOf = (meaning: string) => Type.String({ pattern: '^[0-9]+(\\.[0-9]+)?$', description: meaning });
export const time = (meaning: string) => Type.String({ format: 'date-time', description: meaning });
export const date = (meaning: string) => Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: meaning });
