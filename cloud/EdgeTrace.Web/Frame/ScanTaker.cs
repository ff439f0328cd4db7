namespace EdgeTrace.Web.Frame;

/// <summary>Where a scan goes that met no field: to the page that works with scans, else to Find.</summary>
sealed class ScanTaker
{
    Action<string>? _taker;

    public void Take(Action<string> taker) => _taker = taker;

    /// <summary>Only who took them can leave them: the next page may have taken them already.</summary>
    public void Leave(Action<string> taker) => _taker = _taker == taker ? null : _taker;

    /// <summary>False: nobody wants it.</summary>
    public bool Give(string code)
    {
        _taker?.Invoke(code);
        return _taker is not null;
    }
}
