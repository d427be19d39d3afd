import { createRoot } from 'react-dom/client';
import { I18nProvider } from 'react-aria-components';
import '@fontsource-variable/inter/wght.css';
import './styles/index.css';
import { chooseLanguage, LanguageContext } from './messages/language.js';
import { takeTicket } from './session/sign-in.js';
import { App } from './ui/app.js';

const language = chooseLanguage(navigator.languages);
document.documentElement.lang = language.messages.locale;
document.documentElement.dir = language.messages.direction;

const ticket = takeTicket(location, history);
const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');

createRoot(root).render(
  <I18nProvider locale={language.messages.locale}>
    <LanguageContext value={language}>
      <App ticket={ticket} />
    </LanguageContext>
  </I18nProvider>,
);
