// Sign-in at the daemon (docs/protocol/control-api.md §2). Outcomes are values: the page shows each differently.

export type SignInOutcome =
  | { ok: true; token: string }
  | { ok: false; refusal: 'refused' | 'tooManyAttempts' | 'unreachable' };

export const signInWithTicket = (ticket: string): Promise<SignInOutcome> => post('/auth/ticket', { ticket });

export const signInWithPassphrase = (address: string, passphrase: string): Promise<SignInOutcome> =>
  post('/auth/sign-in', { address, passphrase });

/** The token is forgotten by the daemon. Without an answer it ends by itself. */
export async function signOut(token: string): Promise<void> {
  await fetch('/auth/session', { method: 'DELETE', headers: { Authorization: `Bearer ${token}` }, credentials: 'omit' }).catch(() => undefined);
}

async function post(path: string, body: object): Promise<SignInOutcome> {
  try {
    const response = await fetch(path, {
      method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body), credentials: 'omit', cache: 'no-store',
    });
    if (response.status === 429) return { ok: false, refusal: 'tooManyAttempts' };
    if (response.status >= 500) return { ok: false, refusal: 'unreachable' };
    if (!response.ok) return { ok: false, refusal: 'refused' };
    const { token } = await response.json() as { token: string };
    return { ok: true, token };
  } catch {
    return { ok: false, refusal: 'unreachable' };
  }
}

/** The one-time ticket of `#ticket=…`; taken out of the address bar and the history at once. */
export function takeTicket(location: Location, history: History): string | null {
  const ticket = /^#ticket=(.+)$/.exec(location.hash)?.[1];
  if (ticket === undefined) return null;
  history.replaceState(null, '', location.pathname);
  return decodeURIComponent(ticket);
}
