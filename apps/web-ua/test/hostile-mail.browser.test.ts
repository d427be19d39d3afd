import { expect, test } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describeInBrowser, mailDocument, openConversation, row } from './browser.ts';
import { hostileMail } from './hostile-mail.ts';

interface Canary {
  origin: string;
  hits: string[];
  close(): void;
}

const typeOf = (path: string): string => (path === '/page' ? 'text/html' : path.includes('css') ? 'text/css' : 'image/gif');

async function startCanary(): Promise<Canary> {
  const hits: string[] = [];
  const server: Server = createServer((request, response) => {
    hits.push(request.url ?? '');
    response.writeHead(200, { 'Access-Control-Allow-Origin': '*', 'Content-Type': typeOf(request.url ?? '') }).end();
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, hits, close: () => { server.closeAllConnections(); server.close(); } };
}

describeInBrowser('hostile mail', ({ open }) => {
  test('fetches nothing, runs nothing, goes nowhere; its words and plain styles are shown and the app goes on', async () => {
    const canary = await startCanary();
    try {
      const { page, server, violations } = await open({
        mails: [
          { messageId: 'hostile@example.com', from: 'Mallory <m@evil.example>', subject: 'Look at this', hoursAgo: 1, html: hostileMail(canary.origin) },
          { messageId: 'calm@example.com', from: 'Eva <eva@example.net>', subject: 'Something calm', hoursAgo: 2, text: 'All is well.' },
        ],
      });
      await openConversation(page, 'Look at this');
      const words = mailDocument(page).getByText('the words of the mail');
      await words.waitFor();
      expect(await words.evaluate((element) => [getComputedStyle(element).color, getComputedStyle(element).paddingTop, element.id])).toEqual(['rgb(1, 2, 3)', '7px', '']);
      expect(await mailDocument(page).locator('.cover').evaluate((element) => getComputedStyle(element).position)).toBe('static');
      expect(await mailDocument(page).locator('body').locator('script, svg, math, form, input, button, iframe, object, embed, video, audio, link, meta, base, template, [id], [name], [onerror]').count()).toBe(0);
      expect(Number(/^(\d+) remote/.exec(await page.locator('.notice.blocked').innerText())?.[1])).toBeGreaterThan(8);

      for (const link of await mailDocument(page).locator('a.probe').all()) {
        await link.click();
        const dialog = page.getByRole('dialog').filter({ hasText: /Open this link\?|not opened from mail/ });
        if (await link.getAttribute('href') !== null) {
          await dialog.waitFor();
          await page.keyboard.press('Escape');
          await dialog.waitFor({ state: 'detached' });
        }
        await link.click({ button: 'middle' });
        if (await link.getAttribute('href') !== null) { await dialog.waitFor(); await page.keyboard.press('Escape'); await dialog.waitFor({ state: 'detached' }); }
      }

      expect(page.url()).toContain(server.origin);
      expect(page.context().pages()).toHaveLength(1);
      await page.keyboard.press('Escape');
      await openConversation(page, 'Something calm');
      await mailDocument(page).getByText('All is well.').waitFor();
      await row(page, 'Look at this').waitFor();
      expect(canary.hits).toEqual([]);
      expect(await violations()).toEqual([]);
    } finally {
      canary.close();
    }
  });

  test('the policies hold by themselves: without the sanitiser the same mail reaches nobody', async () => {
    const canary = await startCanary();
    try {
      const { page, violations } = await open({ mails: [{ messageId: 'a@example.com', from: 'Eva <eva@example.net>', subject: 'Anything', hoursAgo: 1, text: 'x' }] });
      await openConversation(page, 'Anything');
      const body = mailDocument(page).locator('body');
      // Playwright's own code may write what no mail can: this is the mail as if DOMPurify had let everything pass.
      await body.evaluate((element, html) => { element.innerHTML = html; }, hostileMail(canary.origin).replace(/<meta[^>]*>/, ''));
      await mailDocument(page).getByText('the last words').waitFor({ state: 'attached' });
      await body.evaluate(() => new Promise((resolve) => { requestAnimationFrame(() => requestAnimationFrame(resolve)); }));
      expect(canary.hits).toEqual([]);
      expect(await violations()).toEqual([]);

      // The control: where no policy holds, the same mail does tell.
      const unprotected = await page.context().newPage();
      await unprotected.goto(`${canary.origin}/page`);
      const reached = unprotected.waitForResponse(`${canary.origin}/img`);
      await unprotected.evaluate((html) => { document.body.innerHTML = html; }, hostileMail(canary.origin).replace(/<meta[^>]*>/, ''));
      await reached;
      expect(canary.hits).toContain('/img');
    } finally {
      canary.close();
    }
  });

  test('the frame has an origin of its own: no storage, no cookies, no sight of the app', async () => {
    const { page } = await open();
    await openConversation(page, 'Serra trip');
    const seen = await mailDocument(page).locator('body').evaluate(() => {
      const attempt = (read: () => unknown): unknown => { try { return read(); } catch { return 'refused'; } };
      return { origin: self.origin, storage: attempt(() => sessionStorage.length), cookie: attempt(() => document.cookie), parent: attempt(() => parent.document.title) };
    });
    expect(seen).toEqual({ origin: 'null', storage: 'refused', cookie: 'refused', parent: 'refused' });
  });
});
