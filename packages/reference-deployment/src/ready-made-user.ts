import { join } from 'node:path';
import { Device, type DevicePorts } from './device.js';
import type { Provider } from './provider.js';
import { ensureSecretFile } from './secret-file.js';

/** One of the deployment's own users, signed up on first start and unlocked on the next. */
export interface ReadyMadeUser {
  name: string;
  address: string;
  device: Device;
  mailAppPassword: string;
  /** The web UA, signed in by a one-time ticket. */
  webUrl: string;
}

export async function startReadyMadeUser(name: string, directory: string, provider: Provider, ports: DevicePorts): Promise<ReadyMadeUser> {
  const address = `${name}@${provider.domain}`;
  const passphrase = await ensureSecretFile(join(directory, 'passphrase'));
  const device = await Device.start({ title: `${name}'s daemon`, directory, providerAuthorityFile: provider.tls.authorityFile, ports });
  try {
    const accountId = await device.openAccount({
      mode: 'signUp', providerUrl: provider.publicUrl, address, passphrase, deviceName: 'reference deployment',
      name: name.charAt(0).toUpperCase() + name.slice(1),
    });
    return { name, address, device, mailAppPassword: await device.mailAppPassword(accountId), webUrl: await device.control.webTicketUrl(accountId) };
  } catch (error) {
    await device.stop();
    throw error;
  }
}
