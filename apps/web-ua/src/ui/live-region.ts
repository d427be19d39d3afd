// Spoken messages. Two regions made once and outside React, because a region that appears together with its text is not read.

const makeRegion = (politeness: 'polite' | 'assertive'): HTMLElement => {
  const region = document.createElement('div');
  region.className = 'visually-hidden';
  region.setAttribute('aria-live', politeness);
  // React Aria hides what is outside a dialog; this goes on speaking.
  region.dataset['liveAnnouncer'] = 'true';
  document.body.append(region);
  return region;
};

const regions = { polite: makeRegion('polite'), assertive: makeRegion('assertive') };

/** `assertive` only for what must not be missed: not sent, key changed. The same text twice is read twice. */
export function announce(text: string, politeness: keyof typeof regions = 'polite'): void {
  const line = document.createElement('p');
  line.textContent = text;
  regions[politeness].replaceChildren(line);
}
