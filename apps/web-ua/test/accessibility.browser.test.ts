import { expect, test } from '@jest/globals';
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { describeInBrowser, mailDocument, openConversation, row } from './browser.ts';

/** Of one look at a screen. A page that does not answer is said to be so, by the name of its screen. */
const CHECK_TIMEOUT_MS = 30_000;

/** Breaches of WCAG 2.2 AA and axe's best practices, as short texts. The mail itself is its sender's. */
async function breaches(page: Page): Promise<string[]> {
  // Ended, and not waited for: a page that nobody looks at may draw no frames, and its animations then never end.
  await page.evaluate(() => { for (const animation of document.getAnimations()) if (animation.effect?.getComputedTiming().endTime !== Infinity) animation.finish(); });
  // The debugger may run what the page's policy would refuse.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => (globalThis as unknown as { axe: typeof axe }).axe.run({ exclude: [['iframe']] },
    { resultTypes: ['violations'], iframes: false, runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary ?? ''}`));
}

type Check = (screen: string) => Promise<void>;

/** Ways through the app that show every screen. */
const VISITS: Record<string, (page: Page, check: Check) => Promise<void>> = {
  async 'reading mail'(page, check) {
    await row(page, 'Serra trip').waitFor();
    await check('inbox');
    await openConversation(page, 'Serra trip');
    await mailDocument(page).getByText('Bring the small stove?').waitFor();
    await page.locator('.security-strip summary').last().click();
    await check('conversation');
    await openConversation(page, 'Draft of the agreement');
    await page.locator('.security-strip summary').click();
    await page.getByRole('button', { name: 'I compared this fingerprint' }).waitFor();
    await check('fingerprint to compare');
    await openConversation(page, 'Your statement');
    await check('problem');
    await openConversation(page, 'What to plant');
    await page.locator('.notice.blocked').waitFor();
    await check('remote content blocked');
    await mailDocument(page).getByRole('link').first().click();
    await page.getByRole('dialog', { name: 'Open this link?' }).waitFor();
    await check('link dialog');
  },
  async 'dialogs and notices'(page, check) {
    await page.getByRole('button', { name: /^Sync/ }).click();
    await page.getByRole('dialog').waitFor();
    await check('sync status');
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    await check('shortcuts');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor({ state: 'detached' });
    await openConversation(page, 'What to plant');
    await page.keyboard.press('e');
    await page.getByRole('button', { name: 'Undo' }).waitFor();
    await check('toast');
    await page.getByRole('link', { name: 'Junk' }).click();
    await page.getByText('No junk').waitFor();
    await check('empty mailbox');
  },
  async 'writing mail'(page, check) {
    await row(page, 'Serra trip').waitFor();
    await page.keyboard.press('c');
    await page.keyboard.type('ines@example.net,bruno@example.com,rita@example.com,carla@example.com,hugo@example.net,nobody,');
    await page.getByText('nobody is not an address').waitFor();
    await check('composer');
    await page.getByRole('button', { name: /^Key changed/ }).click();
    await page.getByRole('region', { name: 'The new key' }).waitFor();
    await check('key review');
  },
  async settings(page, check) {
    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByRole('button', { name: 'mbsync' }).click();
    for (const section of ['Mail programs', 'Devices', 'Passphrase', 'Recovery kit', 'Encryption']) {
      await page.getByRole('tab', { name: section }).click();
      await page.getByRole('tabpanel', { name: section }).waitFor();
      await check(section);
    }
  },
};

/** To be compared with no breaches on any screen. */
async function look(page: Page, visit: (check: Check) => Promise<void>): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  await visit(async (screen) => {
    const slow = AbortSignal.timeout(CHECK_TIMEOUT_MS);
    const silence = new Promise<never>((_, reject) => { slow.addEventListener('abort', () => reject(new Error(`the page did not answer on the screen "${screen}"`)), { once: true }); });
    const list = await Promise.race([breaches(page), silence]);
    if (list.length > 0) found[screen] = list;
  });
  return found;
}

const focusedName = (page: Page): Promise<string> => page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '');

describeInBrowser('accessibility', ({ open }) => {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`axe finds nothing on the screen of signing in (${colorScheme})`, async () => {
      const { page, server } = await open({ isSignedIn: false, context: { colorScheme } });
      await page.goto(server.origin);
      await page.getByLabel('Passphrase').waitFor();
      expect(await look(page, (check) => check('sign-in'))).toEqual({});
    });

    test.each(Object.entries(VISITS))(`axe finds nothing on any screen of %s (${colorScheme})`, async (_, visit) => {
      const { page } = await open({ context: { colorScheme } });
      expect(await look(page, (check) => visit(page, check))).toEqual({});
    });
  }

  test('a whole visit by keyboard: choose, read, answer, file away, go back', async () => {
    const { page } = await open();
    const list = page.getByRole('listbox');
    await list.waitFor();
    for (let presses = 0; !await list.evaluate((element) => element === document.activeElement); presses++) {
      if (presses > 40) throw new Error('the list cannot be reached by Tab');
      await page.keyboard.press('Tab');
    }
    await page.keyboard.press('ArrowDown');
    expect(await list.getAttribute('aria-activedescendant')).toBe('row-1');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Draft of the agreement, second round' }).waitFor();
    await page.waitForFunction(() => document.activeElement?.tagName === 'H2');
    await page.keyboard.press('r');
    await page.locator('.composer').waitFor();
    await page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA');
    await page.keyboard.type('j k e are only letters here');
    await page.keyboard.press('Escape');
    await page.locator('.composer').waitFor({ state: 'detached' });
    expect(await focusedName(page)).toBe('Draft of the agreement, second round');
    await page.keyboard.press('j');
    await page.getByRole('heading', { name: 'Your statement for October is ready' }).waitFor();
    await page.keyboard.press('e');
    await row(page, 'Your statement').waitFor({ state: 'detached' });
    await page.keyboard.press('z');
    await row(page, 'Your statement').waitFor();
    await page.keyboard.press('Escape');
    await page.waitForFunction(() => document.activeElement?.getAttribute('role') === 'listbox');
    expect(await page.getByText('No conversation open').isVisible()).toBe(true);
  });

  test('at 320 pixels one pane at a time, and nothing scrolls sideways', async () => {
    const { page } = await open({ context: { viewport: { width: 320, height: 640 } } });
    const isContained = (): Promise<boolean> => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
    await row(page, 'Serra trip').waitFor();
    expect(await isContained()).toBe(true);
    await openConversation(page, 'Serra trip');
    expect(await page.getByRole('listbox').isVisible()).toBe(false);
    expect(await isContained()).toBe(true);
    await page.getByRole('button', { name: 'Back to the list' }).click();
    await page.getByRole('button', { name: 'Show mailboxes' }).click();
    await page.getByRole('button', { name: 'New message' }).click();
    await page.locator('.composer').waitFor();
    expect(await isContained()).toBe(true);
  });
});
