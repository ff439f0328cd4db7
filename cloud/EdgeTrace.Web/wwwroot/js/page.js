// The few things only the browser itself can do. Frame/Browser.cs is the other half.

export const theme = () => document.documentElement.dataset.theme;

export function toggleTheme() {
  const next = theme() === 'dark' ? 'light' : 'dark';
  const system = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
  // Back at the system's own theme means: follow it again.
  try {
    if (next === system) localStorage.removeItem('edgetrace-theme');
    else localStorage.setItem('edgetrace-theme', next);
  } catch { /* not remembered, still shown */ }
  document.documentElement.dataset.theme = next;
  return next;
}

export const recall = name => { try { return localStorage.getItem(`edgetrace-${name}`); } catch { return null; } };
// False: storage is forbidden or full. Of most things it is a convenience only; of what is owed to the server the page says so.
export const remember = (name, value) => { try { localStorage.setItem(`edgetrace-${name}`, value); return true; } catch { return false; } };

// What this page was made of is kept at once: the link may go before it is ever loaded again. Not waited for: it takes as long as the link is slow.
export function keepPage() {
  keepFiles().catch(() => { /* the page works without it, it only does not open without a link */ });
}

async function keepFiles() {
  if (!navigator.serviceWorker) return;   // only over HTTPS, or on the server itself
  await navigator.serviceWorker.register('service-worker.js');
  const files = performance.getEntriesByType('resource').map(file => new URL(file.name)).filter(url => url.origin === location.origin && !/^\/(api|live)\b/.test(url.pathname));
  await (await caches.open('edgetrace-page')).addAll(['/', ...new Set(files.map(url => url.href))]);
}

export const showModal = dialog => { if (!dialog.open) dialog.showModal(); };
export const closeModal = dialog => dialog.close();
export const blur = () => document.activeElement?.blur?.();
export const scrollTop = element => element?.scrollTop ?? 0;
export const scrollToTop = element => element?.scrollTo({ top: 0 });

// On a shared terminal: once nobody has touched anything for so long, whoever was here is not any more. A sleeping machine counts as untouched.
let idle = null;
export function watchIdle(listener, minutes) {
  idle?.stop();
  idle = null;
  if (!minutes) return;
  let touched = Date.now();
  const touch = () => { touched = Date.now(); };
  const signs = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'];
  for (const sign of signs) document.addEventListener(sign, touch, { passive: true, capture: true });
  const timer = setInterval(() => {
    if (Date.now() - touched < minutes * 60_000) return;
    idle?.stop();
    idle = null;
    listener.invokeMethodAsync('Idle');
  }, 1000);
  idle = { stop() { clearInterval(timer); for (const sign of signs) document.removeEventListener(sign, touch, { capture: true }); } };
}

// A scanner types a whole code within a few milliseconds a key and ends with Enter; people do not.
const keyGapMax = 80;
const codeMin = 4;
const codeMax = 400;

export function listen(find) {
  let code = '';
  let last = 0;
  document.addEventListener('keydown', event => {
    // In a field for codes the separator is a character like any other; browsers would drop it.
    if (event.ctrlKey && event.key === ']' && event.target?.matches?.('[data-scan]')) {
      event.preventDefault();
      event.target.setRangeText('\u001d', event.target.selectionStart, event.target.selectionEnd, 'end');
      event.target.dispatchEvent(new Event('input', { bubbles: true }));
      return;
    }
    if (event.defaultPrevented || inField(event.target) || document.querySelector('dialog[open]')) return;
    if (event.key === '/' && event.timeStamp - last > keyGapMax && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      document.getElementById('find')?.focus();
      return;
    }
    if (event.timeStamp - last > keyGapMax) code = '';
    last = event.timeStamp;
    if (event.key === 'Enter') {
      if (code.length < codeMin) return;
      event.preventDefault();
      find.invokeMethodAsync('Scanned', code);
      code = '';
    } else if (event.ctrlKey && event.key === ']') {
      code += '\u001d'; // how keyboard scanners send GS1's separator
      event.preventDefault();
    } else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && code.length < codeMax) {
      code += event.key;
    }
  });
}

function inField(target) {
  const name = target?.tagName ?? '';
  return name === 'INPUT' || name === 'TEXTAREA' || name === 'SELECT' || name.startsWith('FLUENT-TEXT') || target?.isContentEditable;
}
