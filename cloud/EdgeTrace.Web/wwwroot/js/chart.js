// Draws with Apache ECharts, fetched from this server when the first chart is shown. Charts/Chart.razor is the other half.

let library;
const load = () => library ??= new Promise((done, failed) => {
  const script = document.createElement('script');
  script.src = 'lib/echarts/echarts.common.min.js';
  script.onload = () => done(window.echarts);
  script.onerror = failed;
  document.head.append(script);
});

const charts = new Map();
const decimal = value => value == null ? '–' : value.toFixed(1).replace('-', '\u2212');
const token = name => getComputedStyle(document.documentElement).getPropertyValue(`--et-${name}`).trim();

export async function draw(box, name, low, high, from, to, at, min, mean, max) {
  const echarts = await load();
  if (!box.isConnected) return;
  let held = charts.get(box);
  if (!held) {
    const chart = echarts.init(box, null, { renderer: 'canvas', useCoarsePointer: true });
    held = { chart, sized: new ResizeObserver(() => box.clientWidth && chart.resize()), themed: new MutationObserver(() => paint(held)) };
    held.sized.observe(box);
    held.themed.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    box.addEventListener('keydown', event => key(chart, event));
    charts.set(box, held);
  }
  held.data = { name, low, high, from, to, at, min, mean, max };
  paint(held);
}

export const reset = box => charts.get(box)?.chart.dispatchAction({ type: 'dataZoom', start: 0, end: 100 });

export function png(box) {
  const held = charts.get(box);
  if (held) save(held.chart.getDataURL({ type: 'png', pixelRatio: 2, backgroundColor: token('surface') }), `${held.data.name}.png`);
}

export function csv(box) {
  const held = charts.get(box);
  if (!held) return;
  const { at, min, mean, max } = held.data;
  const rows = at.map((time, i) => [new Date(time).toISOString().replace('T', ' ').replace('Z', ''), min[i] ?? '', mean[i] ?? '', max[i] ?? ''].join(','));
  const url = URL.createObjectURL(new Blob([['site time,lowest °C,mean °C,highest °C', ...rows].join('\r\n')], { type: 'text/csv' }));
  save(url, `${held.data.name}.csv`);
  setTimeout(() => URL.revokeObjectURL(url), 10000);
}

export function dispose(box) {
  const held = charts.get(box);
  if (!held) return;
  held.sized.disconnect();
  held.themed.disconnect();
  held.chart.dispose();
  charts.delete(box);
}

function save(href, name) {
  const link = document.createElement('a');
  link.href = href;
  link.download = name;
  link.click();
}

function key(chart, event) {
  const zoom = chart.getOption().dataZoom[0];
  const width = zoom.end - zoom.start;
  const go = (start, end) => {
    event.preventDefault();
    chart.dispatchAction({ type: 'dataZoom', start: Math.max(0, start), end: Math.min(100, end) });
  };
  if (event.key === 'ArrowLeft') go(Math.max(0, zoom.start - width / 5), Math.max(width, zoom.end - width / 5));
  else if (event.key === 'ArrowRight') go(Math.min(100 - width, zoom.start + width / 5), zoom.end + width / 5);
  else if (event.key === '+' || event.key === '=') go(zoom.start + width / 6, zoom.end - width / 6);
  else if (event.key === '-') go(zoom.start - width / 4, zoom.end + width / 4);
  else if (event.key === '0' || event.key === 'Home') go(0, 100);
}

function paint(held) {
  const { chart, data } = held;
  const { name, low, high, from, to, at, min, mean, max } = data;
  const pairs = values => at.map((time, i) => [time, values[i]]);
  const outside = at.map((time, i) => [time, mean[i] != null && (max[i] > high || min[i] < low) ? (max[i] > high ? max[i] : min[i]) : null]);
  const known = [...min, ...max].filter(value => value != null);
  const span = Math.max(high, ...known) - Math.min(low, ...known);
  const font = { fontFamily: getComputedStyle(document.body).fontFamily, color: token('muted'), fontSize: 12 * (parseFloat(getComputedStyle(document.documentElement).fontSize) / 16) };
  const edge = { type: 'line', data: pairs(min), lineStyle: { opacity: 0 }, symbol: 'none', stack: 'range', stackStrategy: 'all', silent: true, tooltip: { show: false } };
  chart.setOption({
    animation: false, // a chart that redraws every ten seconds must not dance
    useUTC: true,
    textStyle: font,
    grid: { left: 8, right: 16, top: 34, bottom: 8, containLabel: true },
    xAxis: { type: 'time', min: from, max: to, axisLine: { lineStyle: { color: token('line-strong') } }, axisLabel: { ...font, hideOverlap: true }, splitLine: { show: false } },
    yAxis: {
      type: 'value', name: '°C', nameTextStyle: { ...font, align: 'right' }, scale: true,
      min: Math.floor(Math.min(low, ...known) - span * 0.06), max: Math.ceil(Math.max(high, ...known) + span * 0.06),
      axisLabel: { ...font, formatter: value => String(value).replace('-', '\u2212') }, splitLine: { lineStyle: { color: token('line') } },
    },
    tooltip: {
      trigger: 'axis', backgroundColor: token('raised'), borderColor: token('line-strong'), textStyle: { ...font, color: token('ink') }, axisPointer: { type: 'cross', label: { show: false }, lineStyle: { color: token('faint') } },
      formatter: points => {
        const i = points[0].dataIndex;
        const time = new Date(at[i]).toISOString().slice(11, 19);
        return mean[i] == null ? `${time}<br>no reading` : `${time}<br><b>${decimal(mean[i])} °C</b><br>${decimal(min[i])} to ${decimal(max[i])} °C`;
      },
    },
    dataZoom: [{ type: 'inside', filterMode: 'none', zoomOnMouseWheel: 'ctrl' }],
    series: [
      edge,
      { ...edge, data: at.map((time, i) => [time, max[i] == null ? null : max[i] - min[i]]), areaStyle: { color: token('trace'), opacity: 0.18 } },
      {
        name, type: 'line', data: pairs(mean), symbol: 'none', connectNulls: false, lineStyle: { color: token('trace'), width: 2 },
        markArea: { silent: true, itemStyle: { color: token('band'), opacity: 0.6 }, data: [[{ yAxis: low }, { yAxis: high }]] },
        markLine: {
          silent: true, symbol: 'none', lineStyle: { color: token('fine'), type: 'dashed', width: 1 }, label: { ...font, position: 'insideEndTop', formatter: line => `${decimal(line.value)} °C` },
          data: [{ yAxis: low }, { yAxis: high }],
        },
      },
      { type: 'line', data: outside, symbol: 'none', connectNulls: false, silent: true, lineStyle: { color: token('alarm'), width: 3 }, areaStyle: { color: token('alarm'), opacity: 0.12, origin: high }, tooltip: { show: false } },
    ],
  });
}
