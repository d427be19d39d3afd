// A real browser over the development server. Tests that need it are skipped only where there is no Chromium at all.

import { afterAll, afterEach, beforeAll, describe, jest } from '@jest/globals';
import { existsSync } from 'node:fs';
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core';
import { startDevServer, type DevServer } from './dev-server.ts';
import { SAMPLE_MAIL, type SampleMail } from './sample-mail.ts';

const CHROMIUM_PATHS = [process.env['CHROMIUM_PATH'] ?? '', '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'];
const executablePath = CHROMIUM_PATHS.find((path) => path !== '' && existsSync(path));
/** Nothing of the browser's own may talk to the network while we count requests. */
const ARGUMENTS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
/** A cold browser on a busy machine takes seconds to start, and draws its pages without a graphics processor. Each wait has its own limit. */
const TEST_TIMEOUT_MS = 120_000;
const WAIT_TIMEOUT_MS = 60_000;
/** Of two cores with other tests beside it Chromium has been seen, once in some hundred tests, to answer no more. What is wrong with us is wrong again. */
const RETRIES = 1;

export interface OpenPage {
  page: Page;
  server: DevServer;
  /** Breaches of the app's own Content-Security-Policy. */
  violations(): Promise<string[]>;
}

export interface Fixture {
  /** A page that is signed in, over its own server. Both are closed after the test: pages that stay open go on working beside the next ones. */
  open(options?: { mails?: readonly SampleMail[]; context?: BrowserContextOptions; isSignedIn?: boolean }): Promise<OpenPage>;
}

const recordViolations = (): void => {
  const record: string[] = [];
  Object.assign(globalThis, { recordedViolations: record });
  addEventListener('securitypolicyviolation', (event) => record.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`));
};

export function describeInBrowser(name: string, tests: (fixture: Fixture) => void): void {
  (executablePath === undefined ? describe.skip : describe)(name, () => {
    jest.setTimeout(TEST_TIMEOUT_MS);
    jest.retryTimes(RETRIES, { logErrorsBeforeRetry: true });
    let browser: Browser;
    const opened: { context: BrowserContext; server: DevServer }[] = [];
    beforeAll(async () => { browser = await chromium.launch({ executablePath: executablePath ?? '', args: ARGUMENTS }); }, TEST_TIMEOUT_MS);
    afterAll(() => browser.close());
    afterEach(async () => {
      const over = opened.splice(0);
      await Promise.all(over.map(({ context }) => context.close()));
      await Promise.all(over.map(({ server }) => server.close()));
      const bugs = over.flatMap(({ server }) => server.bugs);
      if (bugs.length > 0) throw new AggregateError(bugs, 'the JMAP server met errors that nobody expected');
    });
    tests({
      open: async ({ mails = SAMPLE_MAIL, context = {}, isSignedIn = true } = {}) => {
        const server = await startDevServer({ mails });
        const browserContext = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB', ...context });
        browserContext.setDefaultTimeout(WAIT_TIMEOUT_MS);
        opened.push({ context: browserContext, server });
        const page = await browserContext.newPage();
        await page.addInitScript(recordViolations);
        if (isSignedIn) await signIn(page, server);
        return { page, server, violations: () => page.evaluate(() => (globalThis as unknown as { recordedViolations: string[] }).recordedViolations) };
      },
    });
  });
}

export async function signIn(page: Page, server: DevServer): Promise<void> {
  await page.goto(`${server.origin}/#ticket=${server.newTicket()}`);
  await page.getByRole('navigation', { name: 'Mailboxes' }).or(page.getByRole('button', { name: 'Show mailboxes' })).first().waitFor();
}

/** The row of the list whose summary has these words. */
export const row = (page: Page, words: string) => page.getByRole('option', { name: words });

/** Opened, and at rest: what stands below a mail moves until the mail is shown, and a press on what moves away is none. */
export async function openConversation(page: Page, words: string): Promise<void> {
  await row(page, words).click();
  await page.locator('.mail-frame').first().waitFor();
  await page.locator('.mail-frame[aria-busy=true]').first().waitFor({ state: 'detached' });
}

/** The document inside the frame of the message that is open last. */
export const mailDocument = (page: Page) => page.frameLocator('.mail-frame').last();
