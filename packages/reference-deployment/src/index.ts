export * from './certificate-authority.js';
export * from './control-client.js';
export * from './deployment-error.js';
export * from './device.js';
export * from './free-port.js';
export * from './managed-process.js';
export * from './provider.js';
