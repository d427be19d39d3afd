// Jest runs the TypeScript sources of one package as ES modules; other packages are used as built (dist).
// `device` packages may resolve the secret half of @paloma/crypto (docs/decisions/0002-secret-behind-a-condition.md).
import { fileURLToPath } from 'node:url';

const jestConfig = (conditions) => ({
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: [...conditions, 'node', 'node-addons'] },
  roots: ['<rootDir>/src'],
  testMatch: ['**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  randomize: true,
  // Against a test that hangs, not against a machine that is busy with other suites.
  testTimeout: 30_000,
  reporters: ['default', fileURLToPath(new URL('./tools/jest-report.mjs', import.meta.url))],
  transform: {
    '^.+\\.ts$': ['@swc/jest', {
      jsc: {
        target: 'es2023',
        parser: { syntax: 'typescript', decorators: true },
        transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
      },
      module: { type: 'es6' },
    }],
  },
});

export default jestConfig([]);
export const deviceJestConfig = jestConfig(['paloma-device']);
