import { expect, test } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import type { MailboxRole } from '@paloma/shared-model';
import type { DevServer } from './dev-server.ts';
import { describeInBrowser, mailDocument, openConversation, row } from './browser.ts';

const composer = (page: Page): Locator => page.locator('.composer');

async function textsIn({ account: { mailStore } }: DevServer, role: MailboxRole): Promise<string[]> {
  const mailbox = (await mailStore.listMailboxes()).find((candidate) => candidate.role === role);
  const found = await mailStore.query({ inMailbox: mailbox!.mailboxId }, [{ property: 'receivedAt', isAscending: false }],
    { position: 0, limit: null, collapseThreads: false, calculateTotal: false });
  return Promise.all(found.emailIds.map(async (emailId) => Buffer.from(await mailStore.loadMessageBytes(emailId) ?? []).toString('utf8')));
}

const field = (message: string, name: string): string | undefined =>
  new RegExp(`^${name}:\\s*(.*(?:\\r\\n[ \\t].*)*)`, 'im').exec(message)?.[1]?.replaceAll(/\r\n\s+/g, ' ').trim();

describeInBrowser('composing', ({ open }) => {
  test('a message is written, sent, moved to Sent, and its delivery is shown', async () => {
    const { page, server, violations } = await open({ mails: [] });
    await page.getByRole('button', { name: 'New message' }).click();
    await page.keyboard.type('Inês <ines@example.net>, bruno@example.com,');
    await composer(page).getByText('Encrypted to all 2').waitFor();
    await composer(page).getByLabel('Subject').fill('Olá');
    await composer(page).getByLabel('Message').fill('Até já!\n');
    await page.keyboard.press('Control+Enter');
    await page.getByText('Message sent').first().waitFor();
    await composer(page).waitFor({ state: 'detached' });
    const [sent, ...others] = await textsIn(server, 'sent');
    expect(others).toEqual([]);
    expect(await textsIn(server, 'drafts')).toEqual([]);
    expect(field(sent ?? '', 'From')).toBe('Ana Duarte <ana@example.org>');
    expect((await server.account.submissions.submissions())[0]?.recipients.map(({ forwardPath }) => forwardPath)).toEqual(['ines@example.net', 'bruno@example.com']);
    await page.getByRole('link', { name: 'Sent' }).click();
    await openConversation(page, 'Olá');
    await page.getByRole('region', { name: 'Delivery' }).getByText('ines@example.net').waitFor();
    await mailDocument(page).getByText('Até já!').waitFor();
    expect(await violations()).toEqual([]);
  });

  test('every state of a recipient is told in words, and decides what Send does', async () => {
    const { page } = await open({ mails: [] });
    await page.keyboard.press('c');
    const to = composer(page).getByLabel('To: add an address');
    const send = composer(page).locator('.send-button');
    const add = async (address: string): Promise<void> => { await to.fill(address); await to.press('Enter'); };
    await add('hugo@example.net');
    await composer(page).getByText('Could not check hugo@example.net; the message will wait').waitFor();
    expect(await send.innerText()).toBe('Send');
    await add('rita@example.com');
    await composer(page).getByText('Not private: rita@example.com has no key').waitFor();
    expect(await send.innerText()).toBe('Send without encryption');
    await add('carla@example.com');
    await composer(page).getByText('The key of carla@example.com changed').waitFor();
    expect(await send.isDisabled()).toBe(true);
    await to.press('Backspace');
    await composer(page).getByText('Not private: rita@example.com has no key').waitFor();
    expect(await send.isEnabled()).toBe(true);
    await add('nobody');
    await composer(page).getByText('nobody is not an address').waitFor();
    expect(await send.isDisabled()).toBe(true);
  });

  test('a reply to all quotes, threads and leaves out the own address', async () => {
    const { page, server } = await open();
    await openConversation(page, 'Serra trip');
    await page.keyboard.press('a');
    await composer(page).getByText('Encrypted to all 2').waitFor();
    expect(await composer(page).getByLabel('Subject').inputValue()).toBe('Re: Serra trip in spring');
    await page.keyboard.type('See you there.');
    await composer(page).locator('.send-button').click();
    await composer(page).waitFor({ state: 'detached' });
    const [reply] = await textsIn(server, 'sent');
    expect(field(reply ?? '', 'In-Reply-To')).toBe('<trip-3@example.net>');
    expect(field(reply ?? '', 'References')).toBe('<trip-2@example.org> <trip-3@example.net>');
    expect([field(reply ?? '', 'To'), field(reply ?? '', 'Cc')].join()).toMatch(/ines@example\.net.*,.*bruno@example\.com/);
    expect([field(reply ?? '', 'To'), field(reply ?? '', 'Cc')].join()).not.toContain('ana@example.org');
    await mailDocument(page).getByText('See you there.').waitFor();
  });

  test('drafts are saved by themselves, one version at a time, and opened again', async () => {
    const { page, server } = await open({ mails: [] });
    await page.keyboard.press('c');
    await composer(page).getByLabel('Subject').fill('Half a thought');
    await composer(page).getByText('Draft saved').waitFor();
    await composer(page).getByLabel('Message').fill('and the other half');
    await composer(page).getByText('Saving…').or(composer(page).getByText('Draft saved')).first().waitFor();
    await page.keyboard.press('Escape');
    await composer(page).waitFor({ state: 'detached' });
    await page.getByRole('link', { name: /^Drafts.*1 message/ }).click();
    const drafts = await textsIn(server, 'drafts');
    expect(drafts).toHaveLength(1);
    expect(drafts[0]).toContain('and the other half');
    await openConversation(page, 'Half a thought');
    await page.getByRole('button', { name: 'Edit draft' }).click();
    expect(await composer(page).getByLabel('Message').inputValue()).toBe('and the other half');
    await composer(page).getByRole('button', { name: 'Discard draft' }).click();
    await page.getByText('No drafts').waitFor();
    expect(await textsIn(server, 'drafts')).toEqual([]);
  });

  test('files are attached by the picker and by dropping, and taken off again', async () => {
    const { page, server } = await open({ mails: [] });
    await page.keyboard.press('c');
    await page.keyboard.type('ines@example.net,');
    await composer(page).locator('input[type=file]').setInputFiles({ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('two lines\r\nof notes') });
    await composer(page).getByText('notes.txt').waitFor();
    const dropped = await page.evaluateHandle(() => {
      const transfer = new DataTransfer();
      transfer.items.add(new File(['dropped octets'], 'dropped.bin', { type: 'application/x-thing' }));
      return transfer;
    });
    await composer(page).dispatchEvent('drop', { dataTransfer: dropped });
    await composer(page).getByText('dropped.bin').waitFor();
    await composer(page).getByRole('button', { name: 'Remove notes.txt' }).click();
    await composer(page).getByLabel('Subject').fill('With a file');
    await composer(page).locator('.send-button').click();
    await composer(page).waitFor({ state: 'detached' });
    const [sent] = await textsIn(server, 'sent');
    expect(sent).toContain('dropped.bin');
    expect(sent).toContain(Buffer.from('dropped octets').toString('base64'));
    expect(sent).not.toContain('notes.txt');
  });

  test('who sends while a file is still uploading is told to wait, and nothing is lost', async () => {
    const { page, server } = await open({ mails: [] });
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => { release = resolve; });
    await page.route('**/upload/**', async (route) => {
      await held;
      await route.continue();
    });
    await page.keyboard.press('c');
    await page.keyboard.type('ines@example.net,');
    await composer(page).getByLabel('Subject').fill('With a slow file');
    await composer(page).locator('input[type=file]').setInputFiles({ name: 'slow.txt', mimeType: 'text/plain', buffer: Buffer.from('slow octets') });
    await composer(page).getByText('Uploading slow.txt').waitFor();
    await page.keyboard.press('Control+Enter');
    await page.getByText('Not sent yet: wait until the files are attached, then send.').first().waitFor();
    release();
    await composer(page).getByRole('button', { name: 'Remove slow.txt' }).waitFor();
    await page.keyboard.press('Control+Enter');
    await composer(page).waitFor({ state: 'detached' });
    expect(await textsIn(server, 'sent')).toEqual([expect.stringContaining(Buffer.from('slow octets').toString('base64'))]);
  });

  test('forwarding carries the attachments along', async () => {
    const { page, server } = await open();
    await openConversation(page, 'As fotografias do domingo');
    await page.keyboard.press('f');
    await composer(page).getByText('domingo.png').waitFor();
    await page.keyboard.type('ines@example.net,');
    await composer(page).locator('.send-button').click();
    await composer(page).waitFor({ state: 'detached' });
    const [forwarded] = await textsIn(server, 'sent');
    expect(field(forwarded ?? '', 'Subject')).toBe('Fwd: As fotografias do domingo');
    expect(forwarded).toContain('domingo.png');
    await row(page, 'As fotografias').waitFor();
  });
});
