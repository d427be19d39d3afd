import { expect, test } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import { describeInBrowser, type OpenPage } from './browser.ts';
import { PASSPHRASE } from './dev-server.ts';

const dialog = (page: Page): Locator => page.getByRole('dialog', { name: 'Settings' });

describeInBrowser('settings', ({ open }) => {
  const openSection = async (section: string): Promise<OpenPage> => {
    const opened = await open({ mails: [] });
    await opened.page.getByRole('button', { name: 'Settings' }).click();
    await opened.page.getByRole('tab', { name: section }).click();
    return opened;
  };

  test('a password of a mail program is shown once, can be copied, is listed and revoked', async () => {
    const { page, server, violations } = await openSection('Mail programs');
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByText('No mail program has a password yet.').waitFor();
    await page.getByLabel('What do you call it?').fill('Thunderbird');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Password for Thunderbird' }).waitFor();
    const password = await page.locator('.secret').innerText();
    await page.getByRole('button', { name: 'Copy', exact: true }).click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(password);
    await page.getByRole('button', { name: 'I have put it in' }).click();
    await page.getByText(/Last used here: never/).waitFor();
    expect(await dialog(page).innerText()).not.toContain(password);

    await page.getByRole('button', { name: 'Revoke the password of Thunderbird' }).click();
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Keep it');
    await page.getByRole('alertdialog').getByRole('button', { name: 'Revoke' }).click();
    await page.getByText('No mail program has a password yet.').waitFor();
    expect(server.settings.mailAppPasswords()).toEqual([]);
    expect(await violations()).toEqual([]);
  });

  test('that a program opens the mail after a restart is chosen with open eyes', async () => {
    const { page, server } = await openSection('Mail programs');
    await page.getByLabel('What do you call it?').fill('server');
    await page.getByText('This program may open my mail after a restart').click();
    await page.getByText('whoever finds the password in the program and has the disk can read all your mail').waitFor();
    await page.getByRole('button', { name: 'Make a password' }).click();
    await page.getByText('opens your mail after a restart', { exact: true }).waitFor();
    expect(server.settings.mailAppPasswords()).toMatchObject([{ name: 'server', unlocksAccount: true }]);
  });

  test('what other devices change is seen, and what a program is told names its ports but no password', async () => {
    const { page, server } = await openSection('Mail programs');
    const { password } = await server.settings.createMailAppPassword({ name: 'from elsewhere', unlocksAccount: false });
    await page.getByText('from elsewhere').waitFor();
    for (const program of ['mutt', 'mbsync', 'OfflineIMAP']) await page.getByRole('button', { name: program, exact: true }).click();
    const texts = await page.locator('.snippet').allInnerTexts();
    expect(texts).toHaveLength(3);
    for (const text of texts) expect(text).toMatch(/127\.0\.0\.1[\s\S]*1984|1984/);
    expect(texts.join('')).not.toContain(password.reveal());
    expect(await page.getByRole('link', { name: 'Save the profile' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Apple Mail' }).click();
    expect(await page.getByRole('link', { name: 'Save the profile' }).getAttribute('href')).toBe('/autoconfig/paloma.mobileconfig?address=ana%40example.org');
  });

  test('a device is removed after a question; this one cannot be', async () => {
    const { page, server } = await openSection('Devices');
    await page.getByRole('button', { name: 'Remove Old phone' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('button', { name: 'Remove Old phone' }).waitFor({ state: 'detached' });
    expect(await page.getByRole('button', { name: /^Remove Ana/ }).count()).toBe(0);
    server.settings.isOffline = true;
    await page.getByRole('tab', { name: 'Passphrase' }).click();
    await page.getByRole('tab', { name: 'Devices' }).click();
    await page.getByRole('alert').getByText('This could not be loaded.').waitFor();
    server.settings.isOffline = false;
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('this device', { exact: true }).waitFor();
  });

  test('the passphrase is changed with the one before, and twice the same new one', async () => {
    const { page, server } = await openSection('Passphrase');
    const submit = page.getByRole('button', { name: 'Change the passphrase' });
    await page.getByLabel('Passphrase until now').fill('wrong');
    await page.getByLabel('New passphrase', { exact: true }).fill('short');
    await page.getByText('Take at least 12 characters.').waitFor();
    await page.getByLabel('New passphrase', { exact: true }).fill('a new passphrase, quite long');
    await page.getByLabel('New passphrase once more').fill('a new passphrase, quite lang');
    await page.getByText('The two are not the same.').waitFor();
    expect(await submit.isDisabled()).toBe(true);
    await page.getByLabel('New passphrase once more').fill('a new passphrase, quite long');
    await submit.click();
    await page.getByText('The passphrase is not right.').waitFor();
    await page.getByLabel('Passphrase until now').fill(PASSPHRASE);
    await submit.click();
    await page.getByRole('region', { name: 'Your passphrase is changed' }).waitFor();
    expect(await page.getByLabel('New passphrase', { exact: true }).inputValue()).toBe('');
    server.settings.isOffline = true;
    await page.getByRole('tab', { name: 'Recovery kit' }).click();
    await page.getByRole('textbox', { name: 'Your passphrase' }).fill('a new passphrase, quite long');
    await page.keyboard.press('Enter');
    await page.getByText('Your provider cannot be reached now.').waitFor();
  });

  test('the recovery kit is seen once, and only it is printed', async () => {
    const { page } = await openSection('Recovery kit');
    await page.getByLabel('Your passphrase').fill(PASSPHRASE);
    await page.keyboard.press('Enter');
    await page.getByText('This is your recovery code.').waitFor();
    expect((await page.getByRole('list', { name: 'Recovery code' }).innerText()).replaceAll(/\s+/g, '-')).toBe('A1B2C-D3E4F-G5H6J-K7M8N-P9Q0R-S1T2V-W3X4Y-Z5A6B');
    await page.emulateMedia({ media: 'print' });
    expect((await page.locator('body').innerText()).trim()).toBe('A1B2C-D3E4F-G5H6J-K7M8N-P9Q0R-S1T2V-W3X4Y-Z5A6B');
    await page.emulateMedia({ media: 'screen' });
    await page.getByRole('button', { name: 'I have put it away' }).click();
    expect(await dialog(page).innerText()).not.toContain('A1B2C');
  });

  test('the storage key is changed as a routine, and with the passphrase to lock out', async () => {
    const { page, server } = await openSection('Encryption');
    await page.getByRole('button', { name: 'Make a new key' }).click();
    await page.getByRole('region', { name: /A new storage key is in force/ }).waitFor();
    await page.getByLabel('Your passphrase').fill(PASSPHRASE);
    await page.getByRole('button', { name: 'Lock out' }).click();
    await page.getByRole('region', { name: /All other devices are locked out/ }).waitFor();
    expect(server.settings.rotations).toEqual(['plain', 'lockOut']);
  });

  test.each([['withheld', 'I have seen it'], ['providerRestored', 'It was restored: go on'], ['forgottenTooSoon', 'It was put back: go on'], ['ofTheFuture', 'I have seen it']])('the alarm %s is explained and answered', async (alarm, answer) => {
    const { page, server } = await open({ mails: [] });
    server.setSyncStatus({ phase: 'alarm', alarm });
    await page.getByRole('button', { name: 'Sync: Needs attention' }).click();
    expect(await page.locator('.alarm-note p').innerText()).toMatch(/provider .*[.?]$/);
    await page.getByRole('button', { name: answer }).click();
    await page.getByRole('button', { name: 'Sync: Up to date' }).waitFor();
  });
});
