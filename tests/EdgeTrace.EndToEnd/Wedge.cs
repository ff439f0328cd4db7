using Microsoft.Playwright;

namespace EdgeTrace.EndToEnd;

/// <summary>
/// A keyboard scanner: a key every 5 ms by its own clock. The page tells a scanner from a person by the time between keys, and a real key carries the time at which it
/// was pressed; a test's machine that stands still for a moment between two of them must not look like a scanner that does.
/// </summary>
static class Wedge
{
    /// <summary>Types a code and Enter to whatever has the focus; the separator as keyboard scanners send it.</summary>
    public static async Task ScanAsync(IPage page, string code, bool blur = false) => await page.EvaluateAsync("""
        ([keys, blur]) => {
          if (blur) document.activeElement?.blur?.();
          let at = Math.max(performance.now() - 5 * keys.length, (window.scannedAt ?? 0) + 200);
          for (const key of keys) {
            const event = new KeyboardEvent('keydown', { key: key === '\u001d' ? ']' : key, ctrlKey: key === '\u001d', bubbles: true, cancelable: true });
            Object.defineProperty(event, 'timeStamp', { value: at += 5 });
            (document.activeElement ?? document.body).dispatchEvent(event);
          }
          window.scannedAt = at;
        }
        """, new object[] { code.Select(each => each.ToString()).Append("Enter").ToArray(), blur });
}
