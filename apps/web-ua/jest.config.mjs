import base from '../../jest.base.mjs';

// test/ has the browser tests and what they need; imports there end in .ts, because Node also runs them as they are.
// Two files at a time: they take longest of all packages' and start last, and much of each is waiting for the browser.
export default { ...base, roots: ['<rootDir>/src', '<rootDir>/test'], maxWorkers: 2, forceExit: true };
