// The web UA over everything real: a mail from outside appears by itself, an attachment is saved exactly, alice writes to bob and
// both see that it is private. `UPDATE_PICTURES=1` keeps the screenshot as the README's picture.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import nodemailer, { type SendMailOptions } from 'nodemailer';
import type { Browser, Page } from 'playwright-core';
import { describeInBrowser, launchBrowser, openWebUa } from './harness/browser.js';
import { smallPdf } from './harness/octets.js';
import { composeWithNodemailer, sendFromOutside } from './harness/outside-world.js';
import { World, type UserDevice } from './harness/world.js';

const PICTURE = fileURLToPath(new URL('../../docs/pictures/web-ua.png', import.meta.url));

/** What alice's inbox holds before the test begins; the list shows the newest first. */
const EARLIER_MAILS = [
  { name: 'Clara Nunes', address: 'clara@example.org', subject: 'Photos from the weekend', text: 'The light on the river was perfect. I put the best ones aside for you.' },
  { name: 'Library', address: 'loans@library.example.org', subject: 'Two books are due on Friday', text: '“The Carrier Pigeon” and “Letters without Envelopes” can be renewed once.' },
  { name: 'Tomás Reis', address: 'tomas@example.org', subject: 'Dinner on Thursday?', text: 'Sofia is in town. Half past seven at our place, bring nothing but appetite.' },
  { name: 'Railway', address: 'tickets@rail.example.org', subject: 'Your ticket to Coimbra', text: 'Coach 21, seat 54, departure 08:39. Have a good journey.' },
];

describeInBrowser('the web UA', () => {
  let world: World;
  let alice: UserDevice;
  let bob: UserDevice;
  let browser: Browser;

  beforeAll(async () => {
    world = await World.start();
    [alice, bob] = await Promise.all([world.signUp('alice'), world.signUp('bob')]);
    browser = await launchBrowser();
    for (const { name, address, subject, text } of EARLIER_MAILS) await fromOutside({ from: { name, address }, subject, text });
    await submit(bob, { to: { name: 'Alice', address: alice.address }, subject: 'The house by the sea', text: 'I signed the lease this morning!\n\nThe keys are with the neighbour. Nobody else knows yet, so keep it between us.\n\nBob' });
  });
  afterAll(async () => {
    await browser?.close();
    await world?.stop();
  });

  async function fromOutside(mail: SendMailOptions): Promise<void> {
    const octets = await composeWithNodemailer({ to: { name: 'Alice', address: alice.address }, ...mail });
    await sendFromOutside(world.provider.ports.mx, { reversePath: 'sender@example.org', forwardPaths: [alice.address], octets });
  }

  test('a mail with a PDF from outside appears by itself, opens, and its attachment is saved octet for octet', async () => {
    const { page, violations } = await openWebUa(browser, alice);
    await row(page, 'The house by the sea').waitFor();
    await fromOutside({
      from: { name: 'Stella Marques', address: 'stella@example.org' }, subject: 'Plan for the garden',
      text: 'Dear Alice,\n\nhere is the plan.',
      html: '<p>Dear Alice,</p><p>here is the plan we talked about. The beds run <b>north to south</b>, and the old pear tree stays where it is.</p><p>Tell me what you think,<br>Stella</p>',
      attachments: [{ filename: 'garden-plan.pdf', content: smallPdf(), contentType: 'application/pdf' }],
    });
    await row(page, 'Plan for the garden').click();
    await page.frameLocator('.mail-frame').getByText('the old pear tree stays').waitFor();
    await page.locator('.mail-frame[aria-busy=false]').waitFor();   // what stands below it moves until then
    await page.getByText('Anyone handling this mail could read or change it.').waitFor();
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: /Download garden-plan\.pdf/ }).click()]);
    expect((await readFile(await download.path())).equals(smallPdf())).toBe(true);
    expect(await violations()).toEqual([]);
    await page.screenshot({ path: process.env['UPDATE_PICTURES'] ? PICTURE : join(world.directory, 'web-ua.png') });
  });

  test('alice writes to bob; the composer says it will be private, and bob sees that it is', async () => {
    const { page, violations } = await openWebUa(browser, alice);
    await page.getByRole('button', { name: 'New message' }).click();
    const composer = page.locator('.composer');
    await page.keyboard.type(`${bob.address},`);
    await composer.getByText('Encrypted', { exact: true }).waitFor();
    await composer.getByLabel('Subject').fill('Only for you');
    await composer.getByLabel('Message').fill('The password of the cellar is swordfish.');
    await composer.locator('input[type=file]').setInputFiles({ name: 'cellar.pdf', mimeType: 'application/pdf', buffer: smallPdf() });
    await composer.getByRole('button', { name: 'Remove cellar.pdf' }).waitFor();
    await page.keyboard.press('Control+Enter');
    await page.getByText('Message sent').first().waitFor();
    expect(await violations()).toEqual([]);

    const { page: bobsPage, violations: bobsViolations } = await openWebUa(browser, bob);
    await row(bobsPage, 'Only for you').click();
    await bobsPage.frameLocator('.mail-frame').getByText('swordfish').waitFor();
    await bobsPage.getByText('Only you and whoever holds this key can read this.').waitFor();
    await bobsPage.getByRole('button', { name: /Download cellar\.pdf/ }).waitFor();
    expect(await bobsViolations()).toEqual([]);

    await page.getByRole('link', { name: 'Sent' }).click();
    await row(page, 'Only for you').click();
    await page.getByRole('region', { name: 'Delivery' }).getByText('encrypted').waitFor();
  });
});

const row = (page: Page, words: string) => page.getByRole('option', { name: words });

function submit(user: UserDevice, mail: SendMailOptions): Promise<unknown> {
  const transport = nodemailer.createTransport({ host: '127.0.0.1', port: user.device.ports.smtp, auth: { user: user.address, pass: user.mailAppPassword }, ignoreTLS: true });
  return transport.sendMail({ from: { name: 'Bob', address: user.address }, ...mail });
}
