// Lets the page open without a link: what was fetched once is kept, and is used only when the server does not answer. Data is never kept.
const shelf = 'edgetrace-page';
const patienceMs = 4000;   // a Wi-Fi that is half there
const never = ['/api/', '/live', '/metrics', '/healthz', '/readyz'];

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', event => event.waitUntil(self.clients.claim()));

self.addEventListener('fetch', event => {
  const url = new URL(event.request.url);
  if (event.request.method !== 'GET' || url.origin !== location.origin || never.some(path => url.pathname.startsWith(path))) return;
  event.respondWith(answer(event.request));
});

async function answer(request) {
  // Every address of the page is one file.
  const name = request.mode === 'navigate' ? '/' : request.url;
  const kept = await caches.open(shelf);
  const fetching = fetch(request);
  try {
    const fresh = await Promise.race([fetching, late()]);
    if (fresh.ok) await kept.put(name, fresh.clone());
    return fresh;
  } catch {
    return await kept.match(name) ?? fetching;
  }
}

const late = () => new Promise((_, refuse) => setTimeout(() => refuse(new TypeError('the server is silent')), patienceMs));
