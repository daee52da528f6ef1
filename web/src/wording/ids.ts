import { ID_PREFIXES, OWNERS_WITH_ID } from '@millrace/contract/vocabulary';

const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const USER_ID = new RegExp(`^usr_${UUID}$`, 'i');
const OWNERS = OWNERS_WITH_ID.map((kind) => ID_PREFIXES[kind]).join('|');
const OWNER_ID = new RegExp(`^(?:(?:${OWNERS})_${UUID}|installation)$`, 'i');

/** Whether a text is the id of a user, as far as one sees without asking. */
export function isUserId(text: string): boolean {
  return USER_ID.test(text);
}

/** Whether a text names an owner that accounts can belong to. */
export function isOwnerId(text: string): boolean {
  return OWNER_ID.test(text);
}
