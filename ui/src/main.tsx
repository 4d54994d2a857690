import '@fontsource-variable/instrument-sans/wght.css';
import './style/tokens.css';
import './style/base.css';
import './style/controls.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { takeTokenFromAddress } from './access/token.ts';
import { App } from './app.tsx';
import { followTheme } from './components/theme.ts';
import { guest, identity } from './identity/identity.ts';

const takeToken = (): void => takeTokenFromAddress(location, history);
takeToken();
// An address with a token that is opened where the page is already only changes the fragment.
addEventListener('hashchange', takeToken);
followTheme(document.documentElement);

const showColor = (): void => {
  const { color } = guest.get() ?? identity.get();
  document.documentElement.style.setProperty('--you', color);
};
showColor();
identity.subscribe(showColor);
guest.subscribe(showColor);

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
