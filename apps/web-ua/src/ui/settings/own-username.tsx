import { useAccount } from '../account-context.js';

/** Tells a password manager whose passphrase is asked for. */
export function OwnUsername() {
  return <input type="text" autoComplete="username" value={useAccount().address} readOnly hidden />;
}
