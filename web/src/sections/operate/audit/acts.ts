/** What is most looked for; any other act is found by its name. */
const ACTS: Readonly<Record<string, string>> = {
  log_in: 'Log-in',
  lock_out: 'Locked after failed log-ins',
  register: 'User created',
  create_user: 'User created',
  disableUser: 'User disabled',
  enableUser: 'User enabled',
  createResetLink: 'Reset link made',
  reset_password: 'Password set with a link',
  changePassword: 'Password changed',
  endSessions: 'Logged out everywhere',
  endSession: 'Session ended',
  createApiKey: 'API key made',
  deleteApiKey: 'API key revoked',
  deleteUserApiKey: 'User’s API key revoked',
  createLoan: 'Loan opened',
  registerMerchant: 'Merchant registered',
  updateMerchant: 'Merchant changed',
  retryDeadLetter: 'Dead letter retried',
  runVerification: 'Books checked',
};

export const KNOWN_ACTS = Object.keys(ACTS);

/** `closeLoan` → "Close loan", where it has no words of its own. */
export function actLabel(act: string): string {
  const own = ACTS[act];
  if (own !== undefined) return own;
  const words = act
    .replaceAll(/([A-Z])/g, ' $1')
    .replaceAll('_', ' ')
    .toLowerCase()
    .trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
