// Runs a plugin's code once and puts its exports onto the plugin object.
//
// A package is required like any other and finds Haraka's constants and `server` among the globals, where `provideGlobals` put
// them. A file is a function body that gets `exports` (the plugin itself), `require` and the constants as parameters:
// its `require('./config')` is the plugin's own configuration.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { compileFunction, constants as vmConstants } from 'node:vm';
import constants from 'haraka-constants';
import { harakaRequire } from './haraka-require.js';
import type { Plugin } from './plugin.js';
import type { PluginFile } from './plugin-file.js';

const requireHere = createRequire(import.meta.url);

/** Package plugins read these from the global object, as Haraka's own process offers them. */
export function provideGlobals(server: object): void {
  constants.import(globalThis);
  Object.assign(globalThis, { server });
}

export function compilePlugin(plugin: Plugin, file: PluginFile, server: object): void {
  if (file.packageDirectory === null) runFile(plugin, file, server);
  else Object.assign(plugin, createRequire(file.path)(file.packageDirectory));
}

function runFile(plugin: Plugin, { path }: PluginFile, server: object): void {
  const given: Record<string, unknown> = {
    exports: plugin, require: requireFor(plugin, path), __filename: path, __dirname: dirname(path), server, ...importedConstants(),
  };
  const run = compileFunction(`"use strict";${readFileSync(path, 'utf8')}`, Object.keys(given), {
    filename: path,
    importModuleDynamically: vmConstants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  }) as (...values: unknown[]) => void;
  run.apply(plugin, Object.values(given));
}

function importedConstants(): Record<string, unknown> {
  const imported: Record<string, unknown> = {};
  constants.import(imported);
  return imported;
}

/** From the plugin's place, and else from ours: Haraka gives such plugins the packages and files that it has itself. */
function requireFor(plugin: Plugin, path: string): (name: string) => unknown {
  const requireThere = createRequire(path);
  return (name) => {
    if (name === './config') return plugin.config;
    if (canResolve(requireThere, name)) return requireThere(name);
    return name.startsWith('./') ? harakaRequire(name) : requireHere(name);
  };
}

function canResolve(requireThere: NodeJS.Require, name: string): boolean {
  try {
    requireThere.resolve(name);
    return true;
  } catch {
    return false;
  }
}
