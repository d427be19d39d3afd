// The settings of the web UA over a real daemon and provider: what is made there works outside, and the page stays signed in while the
// account under it is closed and opened again.

import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { describeInBrowser, launchBrowser, openWebUa } from './harness/browser.js';
import { LineDialogue } from './harness/line-dialogue.js';
import { World, type UserDevice } from './harness/world.js';

const NEW_PASSPHRASE = 'a new passphrase of alice, quite long';

describeInBrowser('the settings', () => {
  let world: World;
  let alice: UserDevice;
  let phone: UserDevice;
  let browser: Browser;

  beforeAll(async () => {
    world = await World.start();
    alice = await world.signUp('alice');
    phone = await world.addDevice(alice, 'alice-phone');
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await world?.stop();
  });

  async function openSettings(section: string): Promise<{ page: Page; violations(): Promise<string[]> }> {
    const opened = await openWebUa(browser, alice);
    await opened.page.getByRole('button', { name: 'Settings' }).click();
    await opened.page.getByRole('tab', { name: section }).click();
    return opened;
  }

  async function logIn(password: string): Promise<LineDialogue | null> {
    const program = await LineDialogue.open(alice.device.ports.imap);
    if ((await program.ask(`a LOGIN ${alice.address} ${password}`, /^a /))!.startsWith('a OK')) return program;
    program.close();
    return null;
  }

  test('a mail program is let in by a password made there, told its own ports, and thrown out when it is revoked', async () => {
    const { page, violations } = await openSettings('Mail programs');
    await page.getByLabel('What do you call it?').fill('Thunderbird');
    await page.getByRole('button', { name: 'Make a password' }).click();
    const password = await page.locator('.secret').innerText();
    const program = (await logIn(password))!;
    await page.getByText(`127.0.0.1, port ${alice.device.ports.imap}, no encryption`).waitFor();
    await page.getByRole('button', { name: 'Apple Mail' }).click();
    const [profile] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Save the profile' }).click()]);
    expect(profile.suggestedFilename()).toBe('paloma.mobileconfig');
    await page.getByRole('button', { name: 'Revoke the password of Thunderbird' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Revoke' }).click();
    expect(await program.ask(null, /BYE/)).toBe('* BYE the password of this mail program was revoked');
    expect(await logIn(password)).toBeNull();
    expect(await violations()).toEqual([]);
  });

  test('the passphrase is changed, a kit made and a device removed on one page, which stays signed in', async () => {
    const { page, violations } = await openSettings('Passphrase');
    await page.getByLabel('Passphrase until now').fill(alice.passphrase);
    await page.getByLabel('New passphrase', { exact: true }).fill(NEW_PASSPHRASE);
    await page.getByLabel('New passphrase once more').fill(NEW_PASSPHRASE);
    await page.getByRole('button', { name: 'Change the passphrase' }).click();
    await page.getByRole('region', { name: 'Your passphrase is changed' }).waitFor();

    await page.getByRole('tab', { name: 'Recovery kit' }).click();
    await page.getByRole('textbox', { name: 'Your passphrase' }).fill(NEW_PASSPHRASE);
    await page.getByRole('button', { name: 'Make a recovery kit' }).click();
    expect((await page.getByRole('list', { name: 'Recovery code' }).innerText()).trim().split(/\s+/)).toHaveLength(8);

    await page.getByRole('tab', { name: 'Devices' }).click();
    await page.getByRole('button', { name: 'Remove alice-phone' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('button', { name: 'Remove alice-phone' }).waitFor({ state: 'detached' });
    await expect(phone.device.control.unlock(phone.accountId, NEW_PASSPHRASE)).rejects.toThrow(/deviceRemoved/);

    await page.getByRole('tab', { name: 'Encryption' }).click();
    await page.getByRole('textbox', { name: 'Your passphrase' }).fill(NEW_PASSPHRASE);
    await page.getByRole('button', { name: 'Lock out' }).click();
    await page.getByRole('region', { name: /All other devices are locked out/ }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Sync: Up to date' }).waitFor();
    expect(await violations()).toEqual([]);
  });
});
