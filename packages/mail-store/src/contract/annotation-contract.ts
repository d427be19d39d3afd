import { describe, expect, test } from '@jest/globals';
import type { MailboxId } from '@paloma/shared-model';
import type { MailChange, MailStore } from '../port/index.js';
import type { WithStore } from './contract-subject.js';
import { createMailbox, INBOX } from './example-message.js';

const octets = (text: string): Uint8Array => new TextEncoder().encode(text);
const textsOf = async (store: MailStore, owner: MailboxId | null): Promise<[string, string][] | undefined> =>
  (await store.annotationsOf(owner))?.map(({ name, value }) => [name, new TextDecoder().decode(value)]);

export function runAnnotationContract(withStore: WithStore): void {
  describe('annotations', () => {
    test('are kept with a mailbox and with the account, by name', withStore(async (store) => {
      expect(await textsOf(store, INBOX)).toEqual([]);
      expect(await store.annotate(INBOX, [{ name: '/shared/comment', value: octets('mine') }, { name: '/private/__proto__', value: Uint8Array.from([0, 255]) }])).toEqual({ ok: true });
      await store.annotate(null, [{ name: '/shared/comment', value: octets('all') }]);
      expect(await store.annotationsOf(INBOX)).toEqual([{ name: '/private/__proto__', value: Uint8Array.from([0, 255]) }, { name: '/shared/comment', value: octets('mine') }]);
      expect(await textsOf(store, null)).toEqual([['/shared/comment', 'all']]);
      await store.annotate(INBOX, [{ name: '/shared/comment', value: octets('') }, { name: '/private/__proto__', value: null }]);
      expect(await textsOf(store, INBOX)).toEqual([['/shared/comment', '']]);
    }));

    test('follow a mailbox under another name, and go with it', withStore(async (store) => {
      const mailboxId = await createMailbox(store, 'Garden');
      await store.annotate(mailboxId, [{ name: '/shared/comment', value: octets('roses') }]);
      await store.updateMailbox(mailboxId, { name: 'Park' });
      expect(await textsOf(store, mailboxId)).toEqual([['/shared/comment', 'roses']]);
      await store.destroyMailbox(mailboxId, { removeEmails: false });
      expect([await store.annotationsOf(mailboxId), await store.annotate(mailboxId, [])]).toEqual([null, { ok: false, refusal: 'mailboxNotFound' }]);
    }));

    test('are bounded, and a change that is refused changes nothing', withStore(async (store) => {
      const small = { name: '/shared/a', value: octets('x') };
      expect(await store.annotate(INBOX, [small, { name: '/shared/b', value: new Uint8Array(100_000) }])).toEqual({ ok: false, refusal: 'annotationTooLarge' });
      expect(await store.annotate(INBOX, Array.from({ length: 60 }, (_, index) => ({ name: `/shared/${index}`, value: octets('x') })))).toEqual({ ok: false, refusal: 'tooManyAnnotations' });
      expect(await textsOf(store, INBOX)).toEqual([]);
    }));

    test('subscribers hear which changed', withStore(async (store) => {
      const heard: MailChange[] = [];
      const end = store.subscribe((change) => heard.push(change));
      await store.annotate(INBOX, [{ name: '/shared/a', value: octets('x') }]);
      await store.annotate(null, [{ name: '/shared/b', value: octets('x') }, { name: '/shared/c', value: octets('y') }]);
      end();
      expect(heard.map(({ annotated, states }) => [annotated, states.size])).toEqual([[new Map([[INBOX, new Set(['/shared/a'])]]), 0], [new Map([[null, new Set(['/shared/b', '/shared/c'])]]), 0]]);
    }));
  });
}
