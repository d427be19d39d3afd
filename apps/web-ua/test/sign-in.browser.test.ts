import { expect, test } from '@jest/globals';
import { describeInBrowser, row } from './browser.ts';
import { PASSPHRASE } from './dev-server.ts';
import { OWNER } from './sample-mail.ts';

describeInBrowser('signing in', ({ open }) => {
  test('a ticket opens the inbox, once, and leaves the address bar', async () => {
    const { page, server, violations } = await open({ isSignedIn: false });
    const ticket = server.newTicket();
    await page.goto(`${server.origin}/#ticket=${ticket}`);
    await row(page, 'Serra trip').waitFor();
    expect(page.url()).toBe(`${server.origin}/`);
    expect(await page.title()).toBe('(4) Inbox – Paloma');
    expect(await violations()).toEqual([]);
    await page.evaluate(() => sessionStorage.clear());
    await page.goto(`${server.origin}/?again#ticket=${ticket}`);
    await page.getByRole('alert').filter({ hasText: 'used already' }).waitFor();
  });

  test('a wrong passphrase is said, the right one opens, a reload stays signed in', async () => {
    const { page, server } = await open({ isSignedIn: false });
    await page.goto(server.origin);
    await page.getByLabel('Mail address').fill(OWNER);
    await page.getByLabel('Passphrase').fill('wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').filter({ hasText: 'not right' }).waitFor();
    await page.getByLabel('Passphrase').fill(PASSPHRASE);
    await page.keyboard.press('Enter');
    await row(page, 'Serra trip').waitFor();
    await page.reload();
    await row(page, 'Serra trip').waitFor();
  });

  test('when the session ends the sign-in page says so', async () => {
    const { page, server } = await open();
    await row(page, 'Serra trip').waitFor();
    server.endSessions();
    await page.getByRole('link', { name: 'Archive' }).click();
    await page.getByRole('alert').filter({ hasText: 'Your session ended' }).waitFor();
  });
});
