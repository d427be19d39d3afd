import { expect, test } from '@jest/globals';
import { temporaryDirectory } from '@paloma/test-kit';
import type { Configuration } from '../config/configuration.js';
import { Log } from '../logging/log.js';
import { ByteBudget } from '../smtp/byte-budget.js';
import { MxPlugins } from './mx-plugins.js';

const directory = temporaryDirectory();
const withPlugins = (list: string[]): MxPlugins => new MxPlugins({ plugins: { directory, list }, dns: { servers: [] } } as unknown as Configuration, new ByteBudget(1), new Log());

test('a plugin that is not there is one sentence for the operator, and does not stand in the way of the next start', async () => {
  await expect(withPlugins(['nowhere']).start()).rejects.toMatchObject({ name: 'StartError', code: 'badConfiguration', message: 'plugins: haraka-host: there is no plugin "nowhere"' });
  const plugins = withPlugins(['headers']);
  expect((await plugins.start())?.plugins).toEqual(['headers']);
  await plugins.stop();
});

test('without plugins in the configuration there is no host', async () => {
  expect(await new MxPlugins({ dns: { servers: [] } } as unknown as Configuration, new ByteBudget(1), new Log()).start()).toBeNull();
});
