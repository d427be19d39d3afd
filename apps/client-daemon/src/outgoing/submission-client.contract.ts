// What every SubmissionClient does, for the adapters' tests to run.

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { DeliveryStatusRequest, RecipientNotification } from '@paloma/shared-model';
import type { SubmissionProvider } from '../test/submission-provider.js';
import type { OutgoingTransmission, SubmissionClient } from './submission-client.js';

export interface SubmissionClientSubject {
  provider: SubmissionProvider;
  client: SubmissionClient;
  close(): Promise<void>;
}

const [ANA, BOB, CAROL] = ['ana@example.net', 'bob@example.net', 'carol@example.net'] as const;
/** Lines that SMTP must escape, and octets that are not ASCII. */
const OCTETS = Buffer.from('Subject: dots\r\n\r\n.\r\n..two\r\n\u00e4\r\n.end\r\n', 'utf8');

export function describeSubmissionClient(name: string, open: () => Promise<SubmissionClientSubject>): void {
  describe(`${name}, as every submission client,`, () => {
    let subject: SubmissionClientSubject;
    beforeEach(async () => { subject = await open(); });
    afterEach(() => subject.close());

    const send = (changes: Partial<OutgoingTransmission> = {}) => subject.client.send({
      octets: OCTETS, reversePath: 'alice@example.org', forwardPaths: [ANA, BOB, CAROL], notifications: null, claim: () => true, signal: new AbortController().signal, ...changes,
    });

    test('hands over exactly these octets with their envelope', async () => {
      expect(await send()).toEqual({ accepted: [ANA, BOB, CAROL], refused: [], waitReason: null });
      expect(subject.provider.taken).toEqual([{ octets: OCTETS, reversePath: 'alice@example.org', forwardPaths: [ANA, BOB, CAROL], notifications: null }]);
    });

    test('says of each recipient what notices the sender wants, and of the message what they shall have', async () => {
      const recipients: RecipientNotification[] = [{ notify: [], originalRecipient: 'rfc822;A+b@example.net' }, {}, { notify: ['SUCCESS', 'DELAY'], originalRecipient: 'utf-8;\u00fc@example.net' }];
      const notifications: DeliveryStatusRequest = { returnedPart: 'FULL', envelopeId: 'a+b=c d', recipients };
      await send({ notifications });
      expect(subject.provider.taken).toMatchObject([{ forwardPaths: [ANA, BOB, CAROL] }]);
      expect(subject.provider.taken[0]?.notifications).toEqual(notifications);
    });

    test('tells each recipient\'s fate apart', async () => {
      const replies: Record<string, string> = { [BOB]: '550 5.1.1 no such mailbox', [CAROL]: '451 4.2.0 later' };
      subject.provider.recipientReply = (forwardPath) => replies[forwardPath] ?? null;
      expect(await send()).toEqual({ accepted: [ANA], refused: [{ forwardPath: BOB, reply: '550 5.1.1 no such mailbox' }], waitReason: '451 4.2.0 later' });
      expect(subject.provider.taken).toMatchObject([{ forwardPaths: [ANA] }]);
    });

    test.each<[string, string, object]>([
      ['refused for good', '550 5.1.1 no', { refused: [{ forwardPath: ANA, reply: '550 5.1.1 no' }, { forwardPath: BOB, reply: '550 5.1.1 no' }], waitReason: null }],
      ['put off', '450 4.2.1 busy', { refused: [], waitReason: '450 4.2.1 busy' }],
    ])('when all recipients are %s nothing is handed over', async (_what, reply, expected) => {
      subject.provider.recipientReply = () => reply;
      expect(await send({ forwardPaths: [ANA, BOB] })).toEqual({ accepted: [], ...expected });
      expect(subject.provider.taken).toEqual([]);
    });

    test.each<[string, string, object]>([
      ['refused for good', '554 5.7.1 not that', { refused: [{ forwardPath: ANA, reply: '554 5.7.1 not that' }], waitReason: null }],
      ['put off', '452 4.3.1 disk full', { refused: [], waitReason: '452 4.3.1 disk full' }],
    ])('a message that is %s is so for every recipient', async (_what, reply, expected) => {
      subject.provider.messageReply = () => reply;
      expect(await send({ forwardPaths: [ANA] })).toEqual({ accepted: [], ...expected });
    });

    test('a message over the provider\'s limit is refused, not tried for ever', async () => {
      const octets = Buffer.alloc(subject.provider.maxMessageBytes + 2, 'x\r\n');
      const { refused, waitReason } = await send({ octets, forwardPaths: [ANA] });
      expect(refused).toMatchObject([{ forwardPath: ANA, reply: expect.stringMatching(/^552 5\.3\.4 /) }]);
      expect(waitReason).toBeNull();
    });

    test.each<[string, string, string]>([
      ['a session that is no longer valid', '535 5.7.8 credentials are not valid', 'the provider asks you to sign in again'],
      ['an account that the operator has disabled', '525 5.7.13 account is disabled, ask the operator', 'the operator of the provider has disabled this account'],
      ['a provider that cannot check it', '454 4.7.0 cannot check credentials now', '454 4.7.0 cannot check credentials now'],
    ])('%s makes all recipients wait', async (_what, reply, waitReason) => {
      subject.provider.loginReply = () => reply;
      expect(await send()).toEqual({ accepted: [], refused: [], waitReason });
    });

    test('an outage makes all recipients wait, and nothing was claimed', async () => {
      subject.provider.isReachable = false;
      let claims = 0;
      expect(await send({ claim: () => (claims += 1) > 0 })).toEqual({ accepted: [], refused: [], waitReason: 'the provider could not be reached' });
      expect(claims).toBe(0);
    });

    test('an answer that is lost makes all recipients wait', async () => {
      subject.provider.losesAnswer = true;
      expect(await send()).toMatchObject({ accepted: [], refused: [], waitReason: expect.any(String) });
    });

    test('what is no longer wanted does not leave', async () => {
      expect(await send({ claim: () => false })).toEqual({ accepted: [], refused: [], waitReason: null });
      expect(subject.provider.taken).toEqual([]);
    });

    test('what is broken off before it began does not leave', async () => {
      expect(await send({ signal: AbortSignal.abort() })).toMatchObject({ accepted: [], refused: [] });
      expect(subject.provider.taken).toEqual([]);
    });
  });
}
