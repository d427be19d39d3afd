import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { DeliveryStatusRequest } from '@paloma/shared-model';
import { ListenerFixture } from '../test/listener-fixture.js';
import { deliveryStatusRequestIn } from './delivery-status-request.js';

let fixture: ListenerFixture;
let asked: (DeliveryStatusRequest | null)[];

beforeEach(async () => {
  asked = [];
  fixture = await ListenerFixture.start({
    hideDSN: false,
    onData: (stream, { envelope }, callback) => {
      asked.push(deliveryStatusRequestIn(envelope));
      stream.on('end', () => callback(null)).resume();
    },
  });
});
afterEach(() => fixture.stop());

test('is offered where a listener wants it', async () => {
  expect((await fixture.connect()).extensions).toContain('DSN');
});

test('a message is read with what its sender wants to be told', async () => {
  await (await fixture.connect()).run(`
    C: MAIL FROM:<a@outside.example> RET=hdrs ENVID=a+2Bb+20c
    S: 250 2.1.0 …
    C: RCPT TO:<b@here.example> NOTIFY=success,Failure ORCPT=rfc822;B+2Bb@here.example
    S: 250 2.1.5 …
    C: RCPT TO:<c@here.example>
    S: 250 2.1.5 …
    C: RCPT TO:<d@here.example> NOTIFY=NEVER ORCPT=utf-8;\\x{FC}@here.example
    S: 250 2.1.5 …
    C: RCPT TO:<e@here.example> ORCPT=utf-8;\u00fc@here.example
    S: 250 2.1.5 …
    C: BDAT 0 LAST
    S: 250 …
    C: MAIL FROM:<a@outside.example>
    S: 250 2.1.0 …
    C: RCPT TO:<b@here.example>
    S: 250 2.1.5 …
    C: BDAT 0 LAST
    S: 250 …`);
  expect(asked).toEqual([{
    returnedPart: 'HDRS', envelopeId: 'a+b c',
    recipients: [
      { notify: ['SUCCESS', 'FAILURE'], originalRecipient: 'rfc822;B+b@here.example' }, {}, { notify: [], originalRecipient: 'utf-8;\u00fc@here.example' },
      { originalRecipient: 'utf-8;\u00fc@here.example' },
    ],
  }, null]);
});

describe('refused with a reason is', () => {
  const RET = 'RET must be FULL or HDRS';
  const ENVID = 'ENVID must be xtext of printable characters, 100 at most';
  const NOTIFY = 'NOTIFY must be NEVER, or a list of SUCCESS, FAILURE and DELAY';
  const ORCPT = 'ORCPT must be rfc822; or utf-8; and an address in xtext, 500 characters at most';

  test.each<[string, string]>([
    ['RET=ALL', RET], ['RET', RET], ['RET=', RET], ['RET=FULL=', RET], ['RET=FULL RET=FULL', 'RET may be given once only'],
    ['ENVID=', ENVID], ['ENVID', ENVID], ['ENVID=a+2b', ENVID], ['ENVID=a=b', ENVID], ['ENVID=a+', ENVID], ['ENVID=+0D+0AX', ENVID], ['ENVID=\u00fc', ENVID],
    [`ENVID=${'x'.repeat(101)}`, ENVID], ['envid=a SIZE=1 ENVID=b', 'ENVID may be given once only'],
  ])('MAIL … %.40s', async (parameters, sentence) => {
    await (await fixture.connect()).run(`C: MAIL FROM:<a@outside.example> ${parameters}\nS: 501 5.5.4 ${sentence}\nC: MAIL FROM:<a@outside.example> RET=FULL ENVID=${'x'.repeat(100)}\nS: 250 2.1.0 …`);
  });

  test.each<[string, string]>([
    ['NOTIFY', NOTIFY], ['NOTIFY=', NOTIFY], ['NOTIFY=ALWAYS', NOTIFY], ['NOTIFY=NEVER,DELAY', NOTIFY], ['NOTIFY=DELAY,', NOTIFY], ['NOTIFY=DELAY NOTIFY=DELAY', 'NOTIFY may be given once only'],
    ['ORCPT=b@here.example', ORCPT], ['ORCPT=rfc822;', ORCPT], ['ORCPT=x400;b', ORCPT], ['ORCPT=rfc822;a+2b', ORCPT], ['ORCPT=rfc822;+0Ab', ORCPT], ['ORCPT=utf-8;\\x{A}', ORCPT],
    [`ORCPT=rfc822;${'x'.repeat(494)}`, ORCPT], ['ORCPT=rfc822;b NOTIFY=DELAY orcpt=rfc822;b', 'ORCPT may be given once only'],
  ])('RCPT … %.40s', async (parameters, sentence) => {
    await (await fixture.connect()).run(`
      C: MAIL FROM:<a@outside.example>
      S: 250 2.1.0 …
      C: RCPT TO:<b@here.example> ${parameters}
      S: 501 5.5.4 ${sentence}
      C: RCPT TO:<b@here.example> NOTIFY=DELAY,SUCCESS ORCPT=rfc822;${'x'.repeat(493)}
      S: 250 2.1.5 …`);
  });
});
