import { Disclosure, DisclosurePanel, Heading, Button } from 'react-aria-components';
import type { ReactNode } from 'react';
import type { MailProgramServer, MailProgramServers } from '../../jmap/types.js';
import { appleProfileUrl, mailProgramSetups } from '../../mail/mail-program-setup.js';
import { useMessages } from '../../messages/language.js';
import { useAccount } from '../account-context.js';
import { ChevronIcon } from '../icons.js';
import { CopyButton } from './copy-button.js';

/** What to enter, in general and for programs that are often met. The password is never part of it. */
export function SetupGuide({ servers }: { servers: MailProgramServers }) {
  const { settings: { programs: { setup } } } = useMessages();
  const { address } = useAccount();
  const server = ({ host, port, isTls }: MailProgramServer): string => setup.server(host, port, isTls);
  return (
    <section className="setup-guide" aria-labelledby="setup-guide">
      <h3 id="setup-guide">{setup.title}</h3>
      <dl className="setup-facts">
        <dt>{setup.address}</dt><dd>{address}</dd>
        <dt>{setup.password}</dt><dd>{setup.passwordHint}</dd>
        <dt>{setup.incoming}</dt><dd>{server(servers.imap)}</dd>
        <dt>{setup.outgoing}</dt><dd>{server(servers.smtp)}</dd>
      </dl>
      {!servers.imap.isTls && <p className="muted">{setup.plainHint}</p>}
      <Program name="Thunderbird"><p>{setup.thunderbird}</p></Program>
      <Program name="Apple Mail">
        <p>{setup.apple}</p>
        <a className="button" href={appleProfileUrl(address)} download="paloma.mobileconfig">{setup.appleProfile}</a>
      </Program>
      {mailProgramSetups(address, servers).map(({ program, file, text }) => (
        <Program key={program} name={program}>
          <p>{setup.intoFile(file)}</p>
          <pre className="snippet" tabIndex={0}>{text}</pre>
          <CopyButton text={text} label={setup.copyOf(program)} />
        </Program>
      ))}
    </section>
  );
}

function Program({ name, children }: { name: string; children: ReactNode }) {
  return (
    <Disclosure className="program">
      <Heading level={4}><Button slot="trigger" className="program-trigger"><ChevronIcon size={16} />{name}</Button></Heading>
      <DisclosurePanel className="program-panel">{children}</DisclosurePanel>
    </Disclosure>
  );
}
