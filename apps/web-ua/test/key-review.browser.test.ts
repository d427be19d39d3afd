import { expect, test } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import { signIn, describeInBrowser, openConversation } from './browser.ts';
import type { DevServer } from './dev-server.ts';
import { CARLAS_KNOWN_KEY, CARLAS_NEW_KEY } from './sample-mail.ts';

const CARLA = 'carla@example.com';
const composer = (page: Page): Locator => page.locator('.composer');
const dialog = (page: Page): Locator => page.getByRole('dialog', { name: /key/ });
const inGroups = (fingerprint: string): string => fingerprint.match(/.{4}/g)!.join(' ');

async function composeToCarla(page: Page): Promise<void> {
  await page.keyboard.press('c');
  await page.keyboard.type(`Carla Nunes <${CARLA}>,`);
  await composer(page).getByText(`The key of ${CARLA} changed`).waitFor();
}

async function stateOfKeys({ keys }: DevServer, address: string): Promise<unknown[]> {
  return (await keys.keysOf([address]))[0]!.keys.map(({ fingerprint, state, level }) => [fingerprint, state, level]);
}

describeInBrowser('reviewing keys', ({ open }) => {
  test('a changed key is shown beside the known one; taking it lets the message go', async () => {
    const { page, server, violations } = await open({ mails: [] });
    await composeToCarla(page);
    expect(await composer(page).locator('.send-button').isDisabled()).toBe(true);
    await composer(page).getByRole('button', { name: 'Key changed. Review key of Carla Nunes' }).click();
    await page.getByRole('heading', { name: 'Carla Nunes’s key changed' }).waitFor();
    const [known, refused] = [page.getByRole('region', { name: 'The key you know' }), page.getByRole('region', { name: 'The new key' })];
    expect(await known.innerText()).toContain(inGroups(CARLAS_KNOWN_KEY));
    expect(await known.innerText()).toMatch(/From the directory of example\.com, first seen on \d+ \w+ \d{4}/);
    expect(await refused.innerText()).toContain(inGroups(CARLAS_NEW_KEY));
    await dialog(page).getByRole('button', { name: 'Use the new key' }).click();
    await composer(page).getByText('Encrypted', { exact: true }).waitFor();
    expect(await composer(page).locator('.send-button').isEnabled()).toBe(true);
    expect(await dialog(page).count()).toBe(0);
    expect(await stateOfKeys(server, CARLA)).toEqual([[CARLAS_NEW_KEY, 'known', 'knownKey']]);
    expect(await violations()).toEqual([]);
  });

  test('by keyboard: the dialog opens beside Send, Escape leaves all as it was, and the focus stays in the composer', async () => {
    const { page, server } = await open({ mails: [] });
    await composeToCarla(page);
    const review = composer(page).getByRole('button', { name: 'Review key of Carla Nunes', exact: true });
    const focusedText = (): Promise<string | null> => page.evaluate(() => document.activeElement?.textContent ?? null);
    await review.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: 'The new key' }).waitFor();
    expect(await focusedText()).toBe('Decide later');
    await page.keyboard.press('Escape');
    await dialog(page).waitFor({ state: 'detached' });
    await page.waitForFunction(() => document.activeElement?.textContent === 'Review key');
    expect(await stateOfKeys(server, CARLA)).toHaveLength(2);
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: 'The new key' }).waitFor();
    await page.keyboard.press('Tab');
    expect(await focusedText()).toBe('Keep the known key');
    await page.keyboard.press('Enter');
    await composer(page).getByText('Encrypted', { exact: true }).waitFor();
    expect(await stateOfKeys(server, CARLA)).toEqual([[CARLAS_KNOWN_KEY, 'known', 'providerTrust']]);
    await page.waitForFunction(() => document.activeElement?.closest('.composer'));
  });

  test('a compared key is verified from then on, whichever of the two it is', async () => {
    const { page, server } = await open({ mails: [] });
    await composeToCarla(page);
    await composer(page).getByRole('button', { name: 'Review key of Carla Nunes', exact: true }).click();
    await page.getByRole('region', { name: 'The new key' }).getByRole('button', { name: 'I compared it with Carla Nunes' }).click();
    await composer(page).getByText('Verified key').waitFor();
    expect(await stateOfKeys(server, CARLA)).toEqual([[CARLAS_NEW_KEY, 'known', 'fingerprint']]);
    await composer(page).getByRole('button', { name: 'Verified key. Review key of Carla Nunes' }).click();
    await dialog(page).getByText('You compared it').waitFor();
  });

  test('a decision in one window is seen in the other', async () => {
    const { page, server } = await open({ mails: [] });
    await composeToCarla(page);
    const other = await page.context().newPage();
    await signIn(other, server);
    await composeToCarla(other);
    await composer(other).getByRole('button', { name: 'Review key of Carla Nunes', exact: true }).click();
    await dialog(other).getByRole('button', { name: 'Keep the known key' }).click();
    await composer(page).getByText('Encrypted', { exact: true }).waitFor();
  });

  test('when the keys change while they are looked at, nothing is decided about what was not seen', async () => {
    const { page, server } = await open({ mails: [] });
    await composeToCarla(page);
    await composer(page).getByRole('button', { name: 'Review key of Carla Nunes', exact: true }).click();
    await page.getByRole('region', { name: 'The new key' }).waitFor();
    // The push is held up, so that the dialog still shows the old state.
    await page.route('**/jmap/api', async (route) => {
      if (route.request().postData()?.includes('Key/decide')) {
        const [known, refused] = (await server.keys.keysOf([CARLA]))[0]!.keys;
        server.keys.set(CARLA, [known!, { ...refused!, fingerprint: CARLAS_NEW_KEY.replace('E8B2', 'FFFF') as typeof CARLAS_NEW_KEY }]);
      }
      await route.continue();
    });
    await dialog(page).getByRole('button', { name: 'Use the new key' }).click();
    await dialog(page).getByRole('alert').filter({ hasText: 'not the same any more' }).waitFor();
    await dialog(page).getByText('FFFF 46F1').waitFor();
    expect(await stateOfKeys(server, CARLA)).toMatchObject([[CARLAS_KNOWN_KEY, 'known', 'providerTrust'], [expect.stringMatching(/^FFFF/), 'refused', 'providerTrust']]);
  });

  test('the fingerprint of a signer can be compared in the message, which tells what was learnt since', async () => {
    const { page, server } = await open();
    await openConversation(page, 'Draft of the agreement');
    const strip = page.locator('.security-strip');
    await strip.getByText('Only you and whoever holds this key').waitFor();
    await strip.locator('summary').click();
    await strip.getByText('4C07 D1E9 5A38 62FB 90C4 7E1D B3A6 2F58 C9D0 71E4').waitFor();
    await strip.getByRole('button', { name: 'I compared this fingerprint' }).press('Enter');
    await strip.getByText('You have compared Dr. Tomás Falcão’s key since this message came').waitFor();
    expect(await stateOfKeys(server, 'falcao@lawyers.example')).toMatchObject([[expect.any(String), 'known', 'fingerprint']]);
    await page.waitForFunction(() => document.activeElement?.classList.contains('security-strip'));
    expect(await strip.getByRole('button', { name: 'I compared' }).count()).toBe(0);
  });

  test('a message signed by the changed key leads to the decision', async () => {
    const { page, server } = await open();
    await server.file({
      messageId: 'changed@example.com', from: `Carla Nunes <${CARLA}>`, subject: 'My new phone', hoursAgo: 0, text: 'Please use my new key.',
      security: { status: 'problem', problem: 'keyChanged', isEncrypted: true, signature: 'valid', signerFingerprint: CARLAS_NEW_KEY },
    });
    await openConversation(page, 'My new phone');
    await page.locator('.security-strip').getByRole('button', { name: 'Review key of Carla Nunes' }).click();
    expect(await page.getByRole('region', { name: 'The new key' }).innerText()).toContain(inGroups(CARLAS_NEW_KEY));
    await dialog(page).getByRole('button', { name: 'Use the new key' }).click();
    await page.locator('.security-strip').getByText('You have taken it since').waitFor();
    expect(await page.locator('.security-strip').getByRole('button').count()).toBe(0);
  });

  test('a message that waits for the decision says so where its delivery is shown', async () => {
    const { page, server } = await open();
    await server.file({ messageId: 'waiting@example.org', from: 'Ana Duarte <ana@example.org>', to: CARLA, subject: 'Still waiting', hoursAgo: 0, mailbox: 'sent', text: 'Hello' });
    const emailId = (await server.account.mailStore.query({ subject: 'Still waiting' }, [], { position: 0, limit: 1, collapseThreads: false, calculateTotal: false })).emailIds[0]!;
    await server.account.submissions.submit({ octets: Buffer.from('x'), emailId, reversePath: 'ana@example.org', forwardPaths: [CARLA] });
    await page.getByRole('link', { name: 'Sent' }).click();
    await openConversation(page, 'Still waiting');
    await page.getByRole('region', { name: 'Delivery' }).getByRole('button', { name: 'Review key of carla' }).click();
    await dialog(page).getByRole('button', { name: 'Use the new key' }).click();
    await page.getByRole('region', { name: 'Delivery' }).getByRole('button').waitFor({ state: 'detached' });
  });
});
