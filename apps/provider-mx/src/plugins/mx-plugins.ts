// Haraka plugins on the listener for mail from outside. What they write goes nowhere: their log lines quote addresses and mail,
// and ours hold neither. An operator who wants them adds a plugin with a `log` hook.

import { Inject, Injectable } from '@nestjs/common';
import { HarakaHostError, startHarakaHost, type HarakaHost } from '@paloma/haraka-host';
import { StartError } from '@paloma/provider-runtime';
import type { Configuration } from '../config/configuration.js';
import { CONFIGURATION } from '../injection-tokens.js';
import { Log } from '../logging/log.js';
import { ByteBudget } from '../smtp/byte-budget.js';

@Injectable()
export class MxPlugins {
  #host: HarakaHost | null = null;

  constructor(@Inject(CONFIGURATION) private readonly configuration: Configuration, private readonly budget: ByteBudget, private readonly log: Log) {}

  /** `null`: none are configured. @throws {StartError} "badConfiguration" */
  async start(): Promise<HarakaHost | null> {
    const { plugins, dns } = this.configuration;
    if (plugins === undefined) return null;
    try {
      this.#host = await startHarakaHost({
        directory: plugins.directory,
        plugins: plugins.list,
        furtherDirectories: [import.meta.dirname],
        ...(dns.servers.length > 0 && { dnsServers: dns.servers }),
        budget: this.budget,
        events: { onFailure: (code, plugin, hook, error) => this.#report(code, plugin, hook, error) },
      });
    } catch (error) {
      if (!(error instanceof HarakaHostError)) throw error;
      throw new StartError('badConfiguration', `plugins: ${error.message}`, { cause: error });
    }
    return this.#host;
  }

  async stop(): Promise<void> {
    await this.#host?.close();
    this.#host = null;
  }

  #report(code: string, plugin: string, hook: string, error: unknown): void {
    this.log.event(code, { plugin, hook });
    if (error !== undefined) this.log.bug(error);
  }
}
