// A real Chromium. Where none is found the browser tests are skipped; CI installs one.

import { existsSync } from 'node:fs';
import { describe } from '@jest/globals';
import { chromium, type Browser, type Page } from 'playwright-core';
import type { UserDevice } from './world.js';

const PATHS = [process.env['CHROMIUM_PATH'] ?? '', '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const executablePath = PATHS.find((path) => path !== '' && existsSync(path));
/** Nothing of the browser's own may go to the network. */
const ARGUMENTS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

export const describeInBrowser: (name: string, tests: () => void) => void = executablePath === undefined ? describe.skip : describe;

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: executablePath!, args: ARGUMENTS });
}

export interface SignedInPage {
  page: Page;
  /** Breaches of the page's Content-Security-Policy so far. */
  violations(): Promise<string[]>;
}

/** The web UA of this user, signed in through a one-time link. */
export async function openWebUa(browser: Browser, user: UserDevice): Promise<SignedInPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB', timezoneId: 'Europe/Lisbon' });
  const page = await context.newPage();
  await page.addInitScript(() => {
    const record: string[] = [];
    Object.assign(globalThis, { recordedViolations: record });
    addEventListener('securitypolicyviolation', (event) => record.push(`${event.violatedDirective} ${event.blockedURI}`));
  });
  await page.goto(await user.device.control.webTicketUrl(user.accountId));
  await page.getByRole('navigation', { name: 'Mailboxes' }).waitFor();
  return { page, violations: () => page.evaluate(() => (globalThis as unknown as { recordedViolations: string[] }).recordedViolations) };
}
