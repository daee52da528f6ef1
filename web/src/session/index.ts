export { client, expiry } from './client.ts';
export {
  type Role,
  type SessionActions,
  sessionActions,
  sessionQuery,
  useSession,
  useSessionActions,
  useUser,
} from './session.ts';
