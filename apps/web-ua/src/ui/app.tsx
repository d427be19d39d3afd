// From nothing to an open account: ticket or token or sign-in page, then the mail screen.

import { useCallback, useEffect, useState } from 'react';
import { JmapError } from '../jmap/jmap-error.js';
import { MailAccount } from '../jmap/mail-account.js';
import { forgetToken, loadToken, saveToken } from '../session/session-token.js';
import { signInWithTicket, signOut } from '../session/sign-in.js';
import { AccountContext } from './account-context.js';
import { MailScreen } from './mail-screen.js';
import { SignInPage, type SignInNotice } from './sign-in-page.js';
import { StartPage } from './start-page.js';

type Phase =
  | { name: 'signedOut'; notice: SignInNotice | null }
  | { name: 'starting' }
  | { name: 'failed'; token: string }
  | { name: 'open'; account: MailAccount; token: string };

export function App({ ticket }: { ticket: string | null }) {
  const [phase, setPhase] = useState<Phase>({ name: 'starting' });

  const endSession = useCallback((notice: SignInNotice | null) => {
    forgetToken();
    setPhase({ name: 'signedOut', notice });
  }, []);

  const openAccount = useCallback(async (token: string) => {
    setPhase({ name: 'starting' });
    saveToken(token);
    try {
      const account = await MailAccount.open(token, { onSignedOut: () => endSession('ended'), onError: reportBug });
      setPhase({ name: 'open', account, token });
    } catch (error) {
      if (error instanceof JmapError && error.code === 'unauthorized') endSession('ended');
      else setPhase({ name: 'failed', token });
    }
  }, [endSession]);

  useEffect(() => { void start(ticket, openAccount, endSession); }, [ticket, openAccount, endSession]);

  if (phase.name === 'starting') return <StartPage />;
  if (phase.name === 'failed') return <StartPage onRetry={() => void openAccount(phase.token)} />;
  if (phase.name === 'signedOut') return <SignInPage notice={phase.notice} onToken={(token) => void openAccount(token)} />;
  const leave = (): void => {
    phase.account.close();
    void signOut(phase.token);
    endSession(null);
  };
  return <AccountContext value={phase.account}><MailScreen onSignOut={leave} /></AccountContext>;
}

/** A failed request is made again when the connection is back; anything else is a fault of ours and belongs in the console. */
function reportBug(error: unknown): void {
  if (!(error instanceof JmapError)) reportError(error);
}

async function start(ticket: string | null, openAccount: (token: string) => Promise<void>, endSession: (notice: SignInNotice | null) => void): Promise<void> {
  const token = loadToken();
  if (ticket === null) return token === null ? endSession(null) : openAccount(token);
  const outcome = await signInWithTicket(ticket);
  if (outcome.ok) return openAccount(outcome.token);
  endSession(outcome.refusal === 'unreachable' ? 'unreachable' : 'ticketRefused');
}
