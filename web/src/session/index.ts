export { client, expiry, sessionChange } from './client.ts';
export { onSessionChangeElsewhere } from './hint.ts';
export {
  leave,
  type Role,
  type SessionActions,
  sessionActions,
  sessionQuery,
  useSession,
  useSessionActions,
  useUser,
} from './session.ts';
