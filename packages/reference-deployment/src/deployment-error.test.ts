import { expect, test } from '@jest/globals';
import { DeploymentError, explainSystemError } from './deployment-error.js';

test.each([
  ['a folder of somebody else', { code: 'EACCES' }, 'noPermission'],
  ['a read-only file system', { code: 'EROFS' }, 'noPermission'],
  ['a read-only file system, as Node tells it', { code: 'ENOENT', syscall: 'mkdir' }, 'noPermission'],
  ['a file where a folder should be', { code: 'ENOTDIR' }, 'noPermission'],
  ['a full disk', { code: 'ENOSPC' }, 'diskFull'],
  ['a full quota', { code: 'EDQUOT' }, 'diskFull'],
  ['a full disk under the embedded database', { code: 'diskFull' }, 'diskFull'],
])('%s becomes a sentence that names the folder', (_name, members, code) => {
  const explained = explainSystemError(Object.assign(new Error('x'), members), '/home/alice/paloma');
  expect(explained).toBeInstanceOf(DeploymentError);
  expect((explained as DeploymentError).code).toBe(code);
  expect((explained as DeploymentError).message).toContain('/home/alice/paloma');
});

test('what it does not know it does not explain', () => {
  const error = Object.assign(new Error('x'), { code: 'ENOENT', syscall: 'open' });
  expect(explainSystemError(error, '/')).toBe(error);
});
