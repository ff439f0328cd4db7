// Runs before the first paint, so that the page never flashes in the wrong theme. A remembered choice wins; else the system's.
(() => {
  const system = matchMedia('(prefers-color-scheme: dark)');
  const apply = () => {
    let chosen = null;
    try { chosen = localStorage.getItem('edgetrace-theme'); } catch { /* storage may be forbidden: then the system's theme it is */ }
    document.documentElement.dataset.theme = chosen ?? (system.matches ? 'dark' : 'light');
  };
  apply();
  system.addEventListener('change', apply);
  // Paper is light.
  addEventListener('beforeprint', () => document.documentElement.dataset.theme = 'light');
  addEventListener('afterprint', apply);
  if (new URLSearchParams(location.search).get('wall') === '1') document.documentElement.classList.add('wall');
})();
