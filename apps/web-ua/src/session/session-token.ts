// The bearer token of this tab. sessionStorage, so that it ends with the tab and no other tab or site can use it.

const KEY = 'paloma-token';

export const loadToken = (): string | null => sessionStorage.getItem(KEY);
export const saveToken = (token: string): void => sessionStorage.setItem(KEY, token);
export const forgetToken = (): void => sessionStorage.removeItem(KEY);
