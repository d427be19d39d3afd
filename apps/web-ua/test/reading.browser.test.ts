import { expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { describeInBrowser, mailDocument, openConversation, row } from './browser.ts';
import { SAMPLE_MAIL, type SampleMail } from './sample-mail.ts';

const mail = (words: Partial<SampleMail> & { messageId: string; subject: string }): SampleMail =>
  ({ from: 'Eva Sol <eva@example.net>', hoursAgo: 0, text: 'Hello', ...words });

describeInBrowser('reading', ({ open }) => {
  test('a conversation opens with its messages, says how it is protected, and is read from then on', async () => {
    const { page, violations } = await open();
    await page.getByRole('option', { name: /^Unread, Inês, Ana 3 messages, .*has attachment, .*Private, verified, .*Re: Serra trip/ }).waitFor();
    await openConversation(page, 'Serra trip');
    await page.getByText('Only you and Inês Moreira can read this').waitFor();
    await mailDocument(page).getByText('Bring the small stove?').waitFor();
    expect(await mailDocument(page).locator('.quote-1').first().textContent()).toContain('Yes! Friday works.');
    await page.getByRole('option', { name: /^Inês, Ana 3 messages/ }).waitFor();
    await page.waitForFunction(() => document.title.startsWith('(3)'));
    expect(await violations()).toEqual([]);
  });

  test('the address of a link is shown before it is opened, and that it is not what the mail says', async () => {
    const { page } = await open();
    await openConversation(page, 'Your statement for October');
    await page.getByText('Do not trust its content').waitFor();
    await mailDocument(page).getByRole('link').click();
    const dialog = page.getByRole('dialog', { name: 'Open this link?' });
    await dialog.getByText('banco-azul.example.evil.test', { exact: true }).waitFor();
    expect(await dialog.getByRole('alert').textContent()).toContain('“banco-azul.example”');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(page.context().pages()).toHaveLength(1);
  });

  test('inline pictures show, remote ones are counted and not fetched, styles stay', async () => {
    const { page, violations } = await open();
    await openConversation(page, 'What to plant');
    await page.getByText('2 remote images or styles were blocked').waitFor();
    const picture = mailDocument(page).getByAltText('Rows of winter beans');
    await picture.waitFor();
    expect(await picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(456);
    expect(await mailDocument(page).locator('a.button').evaluate((link) => getComputedStyle(link).backgroundColor)).toBe('rgb(29, 111, 92)');
    expect(await page.getByRole('button', { name: 'Download header.png' }).count()).toBe(0);
    expect(await violations()).toEqual([]);
  });

  test('an attachment is saved octet for octet', async () => {
    const { page } = await open();
    await openConversation(page, 'Serra trip');
    const [download] = await Promise.all([page.waitForEvent('download', { timeout: 90_000 }), page.getByRole('button', { name: 'Download serra-long-way.gpx' }).click()]);
    expect(download.suggestedFilename()).toBe('serra-long-way.gpx');
    const sent = SAMPLE_MAIL.find(({ messageId }) => messageId === 'trip-3@example.net')?.files?.[0]?.octets;
    expect(await readFile(await download.path())).toEqual(Buffer.from(sent ?? []));
  });

  test('archiving is seen at once, opens the next conversation, and can be undone', async () => {
    const { page, server } = await open();
    await openConversation(page, 'Draft of the agreement');
    await page.getByRole('button', { name: 'Archive' }).click();
    await row(page, 'Draft of the agreement').waitFor({ state: 'detached' });
    await page.getByRole('heading', { name: 'Your statement for October is ready' }).waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await row(page, 'Draft of the agreement').waitFor();
    const mailboxes = await server.account.mailStore.listMailboxes();
    expect(mailboxes.find(({ role }) => role === 'archive')?.totalEmails).toBe(0);
  });

  test('deleting moves to the trash, and from there for good only after a question', async () => {
    const { page, server } = await open();
    await openConversation(page, 'Your bicycle is ready');
    await page.keyboard.press('#');
    await row(page, 'Your bicycle').waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'Trash' }).click();
    await openConversation(page, 'Your bicycle');
    await page.getByRole('button', { name: 'Delete for good' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete for good' }).click();
    await page.getByText('The trash is empty').waitFor();
    const trash = (await server.account.mailStore.listMailboxes()).find(({ role }) => role === 'trash');
    expect(trash?.totalEmails).toBe(0);
  });

  test('new mail appears by itself, also in the title and the sidebar', async () => {
    const { page, server } = await open();
    await row(page, 'Serra trip').waitFor();
    await server.file(mail({ messageId: 'pushed@example.net', subject: 'Fresh from the oven' }));
    await row(page, 'Fresh from the oven').waitFor();
    await page.getByRole('link', { name: /^Inbox.*5 unread/ }).waitFor();
    await page.waitForFunction(() => document.title.startsWith('(5)'));
  });

  test('a message that joins the open conversation is shown', async () => {
    const { page, server } = await open();
    await openConversation(page, 'Serra trip');
    await server.file(mail({ messageId: 'trip-4@example.net', inReplyTo: 'trip-3@example.net', subject: 'Re: Serra trip in spring', text: 'And a warm hat.' }));
    await mailDocument(page).getByText('And a warm hat.').waitFor();
  });

  test('search finds by operators, and the URL brings the result back', async () => {
    const { page } = await open();
    await row(page, 'Serra trip').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('from:bruno chapter');
    await page.keyboard.press('Enter');
    await row(page, 'Serra trip').waitFor({ state: 'detached' });   // the mailbox has the row that is found, too
    await row(page, 'Notes on chapter three').waitFor();
    expect(await page.getByRole('option').count()).toBe(1);
    await page.reload();
    await row(page, 'Notes on chapter three').waitFor();
    await page.getByRole('searchbox').fill('no such words');
    await page.keyboard.press('Enter');
    await page.getByText('Nothing found').waitFor();
  });

  test('a list of thousands keeps few rows and tells how many there are', async () => {
    const mails = Array.from({ length: 2000 }, (_none, place) => mail({ messageId: `m${place}@example.net`, subject: `Number ${place}`, hoursAgo: place }));
    const { page } = await open({ mails });
    await row(page, 'Number 0 Hello').waitFor();
    expect(await row(page, 'Number 0 Hello').getAttribute('aria-setsize')).toBe('2000');
    await page.getByRole('listbox').press('End');
    await row(page, 'Number 1999').waitFor();
    expect(await row(page, 'Number 1999').getAttribute('aria-posinset')).toBe('2000');
    expect(await page.getByRole('option').count()).toBeLessThan(40);
  });

  test('sync status is shown as it is pushed', async () => {
    const { page, server } = await open();
    server.setSyncStatus({ phase: 'offline', pendingUp: 3 });
    await page.getByRole('button', { name: 'Sync: Offline' }).click();
    await page.getByText('3 changes to send').waitFor();
  });
});
